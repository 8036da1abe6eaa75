"""Transparency, accountability and legitimacy (R43 to R45)."""

from model.compiled import compiled
from model.numeric import clip


@compiled
def transparency(status, rules, open_data, opaque, p):
    """Return transparency (0-1): case status, rules and data in the open, less what an unexplained system hides.

    `opaque` is the share of decisions that rules make. Source: R43; Pinchot & Pinchot 1999; weights assumed, see
    transparency_status.
    """
    seen = p.transparency_status * status + p.transparency_rules * rules + p.transparency_data * open_data
    return clip(seen - p.opacity * opaque * (1.0 - p.explanation))


@compiled
def accountability(trace, answered, p):
    """Return accountability (0-1): cases traceable, complaints answered, audits. Source: R44; see accountability_trace."""
    answers = p.accountability_trace * trace + p.accountability_complaints * answered
    return clip(answers + p.accountability_audit * p.audit_rate)


@compiled
def throughput(openness, wronged):
    """Return fairness of the process (0-1): half transparency, half freedom from wrong or missing decisions.

    Source: Schmidt 2013, throughput legitimacy; equal weights assumed.
    """
    return 0.5 * openness + 0.5 * (1.0 - wronged)


@compiled
def output(speed, bribery):
    """Return quality of what is delivered (0-1): half speed, half clean service. Source: Scharpf 1999; equal weights."""
    return 0.5 * speed + 0.5 * (1.0 - bribery)


@compiled
def legitimacy_next(legitimacy, felt_influence, process, results, p):
    """Return legitimacy (0-1) one month on: input, throughput and output in weights that sum to 1, slowly.

    Source: R45; Scharpf 1999 and Schmidt 2013 for the parts; weights assumed, see legitimacy_input.
    """
    rest = 1.0 - p.legitimacy_input - p.legitimacy_throughput
    target = p.legitimacy_input * felt_influence + p.legitimacy_throughput * process + rest * results
    return clip(legitimacy + p.legitimacy_adjustment * (target - legitimacy))
