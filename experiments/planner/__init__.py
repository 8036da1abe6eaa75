"""The planner's report of a comparison: five questions answered in plain words, what does harm, tables."""
