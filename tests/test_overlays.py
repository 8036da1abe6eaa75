"""Overlays and the money behind them: what policies do to the parameter table, and which are refused."""

import pytest

from model.parameter_table import monthly_price, parameter_table, planned_cost
from model.scenario import load_policy
from tests.scenario_makers import POLICIES, folder, indonesia, load, policy, refused, small

__all__ = ["folder", "indonesia", "small"]  # fixtures


def test_ramps_and_order_of_modes(folder):
    pieces = [
        "delta = 0.1\nstart = 2\nend = 6\nramp = 2",
        "factor = 2\nstart = 3",
        "value = 0.4\nstart = 1\nend = 5\nramp = 4",
    ]
    overlays = "".join(f'[[overlays]]\nparameter = "training_rate"\n{piece}\n' for piece in pieces)
    scenario = load(folder, f"months = 7\nparameters.training_rate = 0.0\n{overlays}")
    column = parameter_table(scenario)["training_rate"][:, 0]
    assert column == pytest.approx([0.0, 0.1, 0.2 + 0.05, 0.3 * 2 + 0.1, 0.4 * 2 + 0.1, 0.1, 0.0, 0.0])


def test_months_before_a_policy_and_other_provinces_are_untouched(folder, small):
    edited = small.with_policy(
        policy(
            folder,
            'parameter = "training_rate"\nstart = "2012-01"\nend = "2013-01"\nvalue = 0.9\nwhere = "remote"',
        )
    )
    before, after = parameter_table(small), parameter_table(edited)
    changed = before["training_rate"] != after["training_rate"]
    assert changed[25:37, 3].all() and changed.sum() == 12
    assert all((before[name] == after[name]).all() for name in before.dtype.names if name != "training_rate")


def test_the_initial_state_can_be_edited_from_month_0(folder, small):
    edited = small.with_policy(policy(folder, 'parameter = "initial_access"\nstart = 0\nvalue = 0.5'))
    assert (parameter_table(edited)["initial_access"] == 0.5).all()


def test_an_empty_policy_is_no_edit(folder, small):
    (folder / "none.toml").write_text('schema = 1\nkind = "policy"\nname = "none"\noverlays = []\n')
    assert small.with_policy(load_policy(folder / "none.toml")).fingerprint() == small.fingerprint()


def test_spending_costs_what_it_says(folder, small):
    edited = small.with_policy(policy(folder, 'parameter = "training_rate"\nstart = 10\nspend = 9000\nramp = 12'))
    overlay = edited.overlays[0]
    assert overlay.mode == "delta" and overlay.amount > 0.0
    assert planned_cost(edited) == pytest.approx(9000)
    change = parameter_table(edited)["training_rate"] - parameter_table(small)["training_rate"]
    servants = 5 * small.parameters["civil_servants_per_office"]
    price = small.parameters["training_unit_cost"] * servants / 12
    assert change.sum() * price == pytest.approx(9000)


def test_money_moves_a_lever_that_should_fall_down(folder, small):
    edited = small.with_policy(policy(folder, 'parameter = "form_difficulty"\nstart = 1\nspend = 1000'))
    assert edited.overlays[0].amount < 0.0
    assert planned_cost(edited) == pytest.approx(1000)


def test_the_initial_month_costs_nothing(small):
    price = monthly_price(small, "training_rate", ())
    assert (price[0] == 0.0).all() and (price[1:] > 0.0).all()


def test_money_for_each_citizen_is_not_charged_for_the_initial_month(folder, small):
    text = 'parameter = "training_rate"\nstart = {}\nend = 13\nspend_per_citizen = 100'
    spent = [small.with_policy(policy(folder, text.format(start))).overlays[0].spend for start in (0, 1)]
    assert spent[0] == spent[1] == pytest.approx(100 * small.population / 1e6)
    nothing = 'parameter = "training_rate"\nstart = 0\nend = 1\nspend_per_citizen = 100'
    assert "buys nothing" in refused(small.with_policy, policy(folder, nothing))


def test_too_much_money_is_refused_with_the_most_that_fits(folder, small):
    text = 'parameter = "training_rate"\nstart = 10\nspend = {}'
    message = refused(small.with_policy, policy(folder, text.format(10**11)))
    assert "key 'overlays[0]'" in message and "test.toml" in message
    most = int(message.split("at most ")[1].split()[0])
    full = small.with_policy(policy(folder, text.format(most)))
    assert parameter_table(full)["training_rate"].max() == pytest.approx(1.0, abs=1e-4)
    refused(small.with_policy, policy(folder, text.format(most + 2)))


def test_spending_follows_prices(folder, small):
    edited = small.with_policy(policy(folder, 'parameter = "training_rate"\nstart = 10\nspend = 9000'))
    dearer = edited.with_parameters(training_unit_cost=2 * small.parameters["training_unit_cost"])
    assert dearer.overlays[0].amount == pytest.approx(edited.overlays[0].amount / 2)
    assert planned_cost(dearer) == pytest.approx(9000)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_bundled_policies_fit_indonesia(path, indonesia):
    edited = indonesia.with_policy(load_policy(path))
    assert edited.policy == path.stem and edited.fingerprint() != indonesia.fingerprint()
    assert planned_cost(edited) >= 0.0


def test_policies_compose(folder, small):
    one = policy(folder, 'parameter = "training_rate"\nstart = 5\ndelta = 0.1', name="one")
    two = policy(folder, 'parameter = "training_rate"\nstart = 9\ndelta = 0.2', name="two")
    both = small.with_policy(one).with_policy(two)
    assert both.policy == "one+two"
    rise = parameter_table(both)["training_rate"][:, 0] - small.parameters["training_rate"]
    assert rise[[4, 5, 9]] == pytest.approx([0.0, 0.1, 0.3])


def test_two_values_at_once_are_refused_with_both_names(folder, small):
    one = policy(folder, 'parameter = "training_rate"\nstart = 5\nvalue = 0.1', name="one")
    two = policy(folder, 'parameter = "training_rate"\nstart = 9\nvalue = 0.2\nwhere = ["Core City"]', name="two")
    message = refused(small.with_policy(one).with_policy, two)
    assert "one.toml: overlays[0]" in message and "two.toml: key 'overlays[0]'" in message
    apart = policy(folder, 'parameter = "training_rate"\nstart = 1\nend = 5\nvalue = 0.2', name="apart")
    assert small.with_policy(one).with_policy(apart).policy == "one+apart"


def test_an_overlay_out_of_range_names_month_and_province(folder, small):
    edit = policy(folder, 'parameter = "training_rate"\nstart = 5\ndelta = 0.99\nwhere = ["Outer Islands"]')
    message = refused(small.with_policy, edit)
    assert "2010-05 in Outer Islands" in message and "number 0..1" in message


@pytest.mark.parametrize(
    "overlay, words",
    [
        ('parameter = "trainingrate"\nstart = 1\nvalue = 0.1', "did you mean 'training_rate'?"),
        ('parameter = "training_rate"\nstart = 1', "exactly one of value, delta, factor, spend"),
        ('parameter = "training_rate"\nstart = 1\nvalue = 0.1\ndelta = 0.1', "value, delta"),
        ('parameter = "training_rate"\nvalue = 0.1', "overlays[0].start"),
        ('parameter = "training_rate"\nstart = "2010-13"\nvalue = 0.1', "YYYY-MM"),
        ('parameter = "training_rate"\nstart = true\nvalue = 0.1', "integer 0..1200"),
        ('parameter = "training_rate"\nstart = -1\nvalue = 0.1', "integer 0..1200"),
        ('parameter = "training_rate"\nstart = "2009-11"\nvalue = 0.1', "2009-12 to 2019-12"),
        ('parameter = "training_rate"\nstart = 121\nvalue = 0.1', "outside the run"),
        ('parameter = "training_rate"\nstart = 1\nvalue = 1.1', "number 0..1"),
        ('parameter = "training_rate"\nstart = 1\nfactor = inf', "finite number"),
        ('parameter = "training_rate"\nstart = 1\nspend = -1', "overlays[0].spend"),
        ('parameter = "coverage_growth"\nstart = 1\nspend = 1', "levers with a price: "),
        ('parameter = "training_rate"\nstart = 0\nend = 1\nspend = 1', "buys nothing"),
        ('parameter = "training_rate"\nstart = 1\nvalue = 0.1\nramp = 121', "integer 0..120"),
        (
            'parameter = "training_rate"\nstart = 1\nvalue = 0.1\nwhere = ["Core Citi"]',
            "did you mean 'Core City'?",
        ),
        ('parameter = "training_rate"\nstart = 1\nvalue = 0.1\nwhere = []', "overlays[0].where"),
        ('parameter = "training_rate"\nstart = 1\nvalue = 0.1\nwhere = "far"', "overlays[0].where"),
        ('parameter = "training_rate"\nstart = "2012-01"\nend = 10\nvalue = 0.1', "> start (2012-01)"),
        ('parameter = "training_rate"\nstart = 1\nvalu = 0.1', "did you mean 'value'?"),
        ('parameter = "relapse_months"\nstart = 1\ndelta = 0.5', "integer 1..24"),
        ('parameter = "initial_access"\nstart = "2010-01"\nvalue = 0.5', "'initial_access' is read at the start only"),
    ],
)
def test_wrong_overlays_are_refused(folder, small, overlay, words):
    assert words in refused(lambda: small.with_policy(policy(folder, overlay)))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_bundled_policies_fit_the_small_country(path, small):
    assert small.with_policy(load_policy(path)).policy == path.stem


def test_spending_per_citizen_grows_with_the_country_and_the_years(folder, small):
    text = 'parameter = "training_rate"\nstart = 13\nend = 25\nspend_per_citizen = 1000'
    edited = small.with_policy(policy(folder, text))
    assert planned_cost(edited) == pytest.approx(1000 * small.population / 1e6)
