"""Methods of plans that need no [design]: a table of their own makes the points."""

SENSITIVITY, OPTIMISE, DISCOVERY = "sensitivity", "optimise", "discover"
IN_PLACE_OF_DESIGN = {  # method -> (keys that do not go with it, why)
    SENSITIVITY: (
        ("design", "constraints", "policies", "scenarios"),
        "[sensitivity] makes the design: the whole space, one scenario, levers as factors; for other points use sweep, "
        "then sensitivity --from",
    ),
    OPTIMISE: (
        ("design", "constraints", "policies", "scenarios", "figures"),
        "[optimise] makes the policies: one scenario, and levers under [optimise.levers]",
    ),
    DISCOVERY: (
        ("design", "constraints", "scenarios"),
        "[discover] makes the design: futures spread over the uncertain parameters of one scenario, every policy in each",
    ),
}
CALIBRATION = "calibration"  # a plan of a kind of its own
