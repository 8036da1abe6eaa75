"""Search for policies: levers, timing and regions under a budget, several goals, a front judged on fresh seeds."""
