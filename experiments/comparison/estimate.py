"""Means of paired differences with their joint uncertainty: regression on the baseline, intervals for all policies at once.

Replicates that share their draws give differences d_1 ... d_n of a policy from the baseline. What the baseline did in a
replicate (its supply, say) explains part of a difference. Baseline runs are needed once for all policies, so there are m
of them, more than the n pairs, and their mean is known better. The estimate is the regression of d on the baseline's
covariates, read off at the mean over all m runs; its variance is

    residual variance / n, with the distance of the two means   +   b' S b / m     (b slopes, S covariance of covariates).

Source: regression estimator with double sampling, Cochran 1977, Sampling Techniques, 12.6; control variates with estimated
mean, Schmeiser, Taaffe & Wang 2001, IIE Transactions 33 (doi 10.1023/A:1007626202325).
"""

from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
DRAWS = 10_000  # simulated sets of statistics: the tail of 5 % is then known to 0.2 points
MOST_DEGREES = 40  # of a simulated variance: more cost time and hardly narrow an interval
SEED = 20_260  # of that simulation, so that the same runs give the same interval
SPARE = 3  # pairs that a regression needs beyond its coefficients
TINY = 1e-12


@dataclass(frozen=True)
class Estimate:
    """Means of several paired differences.

    Attributes
    ----------
    names : what each of the K differences is. value : shape (K,). covariance : of the estimates, shape (K, K).
    degrees : of freedom (Satterthwaite), shape (K,). pairs : complete pairs behind each, shape (K,).
    covariates : coefficients of the regression beside the mean; 0 without one.
    """

    names: tuple
    value: np.ndarray
    covariance: np.ndarray
    degrees: np.ndarray
    pairs: np.ndarray
    covariates: int

    @property
    def error(self):
        """Standard errors, shape (K,)."""
        return np.sqrt(np.clip(np.diag(self.covariance), 0.0, None))

    def half_width(self, level=LEVEL):
        """Return half the widths of the intervals, one by one, shape (K,); NaN where there are fewer than two pairs."""
        from scipy.special import stdtrit  # quantiles of Student's t; the module scipy.stats takes long to load

        return stdtrit(self.degrees, 0.5 + level / 2.0) * self.error

    def simultaneous_half_width(self, level=LEVEL):
        """Return half the widths of intervals that hold for all K at once with this probability, shape (K,)."""
        return np.fmax(self.half_width(level), critical_value(self, level) * self.error)

    def family_half_width(self, number, level=LEVEL):
        """Return half the widths of intervals that hold for `number` such differences at once, shape (K,).

        Nothing is assumed about how they depend on each other: Sidak 1967, J. Am. Stat. Assoc. 62.
        """
        return self.half_width(level ** (1.0 / number))

    def contrast(self, weights, names):
        """Return the Estimate of weighted sums of these differences.

        Parameters
        ----------
        weights : shape (L, K). names : of the L sums.
        """
        weights = np.asarray(weights, float)
        used = weights != 0.0
        degrees = np.array([np.min(self.degrees[row], initial=np.inf) for row in used])
        pairs = np.array([np.min(self.pairs[row], initial=np.iinfo(int).max) for row in used])
        value, covariance = weights @ self.value, weights @ self.covariance @ weights.T
        # What cancels leaves rounding, which must not become an effect.
        value[np.abs(value) <= TINY * (np.abs(weights) @ np.abs(self.value))] = 0.0
        cancelled = np.diag(covariance) <= TINY * (np.abs(weights) @ self.error) ** 2
        covariance[cancelled, :] = covariance[:, cancelled] = 0.0
        return Estimate(tuple(names), value, covariance, degrees, pairs, self.covariates)


def estimate(differences, paired=None, everywhere=None):
    """Return the Estimate of the means of paired differences.

    Parameters
    ----------
    differences : DataFrame, replicates in rows, a column for each difference; NaN where a run is missing.
    paired : DataFrame with the baseline's covariates of the same replicates, or None.
    everywhere : DataFrame with the covariates of all baseline runs; no regression is made unless it has more rows.
    """
    names = tuple(differences.columns)
    values = differences.to_numpy(float)
    complete = np.isfinite(values).all(axis=1)
    known, all_runs = covariates(differences, paired, everywhere, int(complete.sum()))
    centre = all_runs.mean(axis=0) if all_runs.size else np.zeros(0)
    parts = [regress(column, known, centre) for column in values.T]
    slopes = np.array([part.slopes for part in parts])
    first = np.array([part.variance for part in parts])
    common = mean_variance(slopes, all_runs)
    residuals = np.column_stack([part.residuals for part in parts])[complete]
    residual = correlations(residuals) * np.sqrt(np.outer(first, first))
    degrees = satterthwaite(first, np.array([part.degrees for part in parts]), np.diag(common), len(all_runs) - 1)
    pairs = np.isfinite(values).sum(axis=0)
    value = np.array([part.value for part in parts])
    return Estimate(names, value, residual + common, degrees, pairs, known.shape[1])


def covariates(differences, paired, everywhere, complete):
    """Return (covariates of the pairs, shape (n, p), the same of all baseline runs, shape (m, p)).

    Covariates that hardly vary are left out; without more baseline runs than pairs, or with few pairs, all are.
    """
    if paired is None or everywhere is None:
        return np.zeros((len(differences), 0)), np.zeros((0, 0))
    all_runs = everywhere.dropna().to_numpy(float)
    kept = usable(min(complete, len(differences)), all_runs) if len(all_runs) > len(differences) else []
    return paired.to_numpy(float)[:, kept], all_runs[:, kept]


def usable(pairs, all_runs):
    """Return the places of the covariates, shape (m, p), that a regression over so many pairs may use."""
    if len(all_runs) <= pairs or pairs < all_runs.shape[1] + 1 + SPARE:
        return []
    return independent(all_runs)


def mean_variance(slopes, all_runs):
    """Return the (co)variance that the mean of covariates over all baseline runs adds to estimates with these slopes.

    Parameters
    ----------
    slopes : shape (p,) or (K, p). all_runs : shape (m, p).
    """
    if all_runs.shape[1] == 0:
        return np.zeros(slopes.shape[:-1] * 2)
    return slopes @ np.atleast_2d(np.cov(all_runs, rowvar=False)) @ slopes.T / len(all_runs)


def independent(table):
    """Return the places of columns that vary and are no combination of those before them."""
    kept = []
    scale = table.std(axis=0)
    for place in range(table.shape[1]):
        if scale[place] <= TINY * max(1.0, abs(table[:, place].mean())):
            continue
        tried = [*kept, place]
        standard = (table[:, tried] - table[:, tried].mean(axis=0)) / scale[tried]
        if np.linalg.matrix_rank(standard, tol=1e-6 * np.sqrt(len(table))) == len(tried):
            kept.append(place)
    return kept


@dataclass(frozen=True)
class Regression:
    """The mean of one difference at the centre of the covariates: value, its variance, slopes, degrees, residuals."""

    value: float
    variance: float
    slopes: np.ndarray
    degrees: int
    residuals: np.ndarray


def regress(column, known, centre):
    """Return the Regression of one column of differences on covariates, shape (n, p), read off at `centre`, shape (p,)."""
    present = np.isfinite(column)
    degrees = int(present.sum()) - known.shape[1] - 1
    residuals = np.full(len(column), np.nan)
    if degrees < 1:
        value = float(np.mean(column[present])) if present.any() else np.nan
        return Regression(value, np.nan, np.zeros(known.shape[1]), 0, residuals)
    if np.ptp(column[present]) == 0.0:  # the same in every replicate: rounding must not become an effect
        residuals[present] = 0.0
        return Regression(float(column[present][0]), 0.0, np.zeros(known.shape[1]), degrees, residuals)
    design = np.column_stack([np.ones(int(present.sum())), known[present] - centre])
    inverse = np.linalg.pinv(design.T @ design, hermitian=True)
    coefficients = np.linalg.lstsq(design, column[present], rcond=None)[0]
    residuals[present] = column[present] - design @ coefficients
    variance = float(np.nansum(residuals**2)) / degrees * inverse[0, 0]
    return Regression(float(coefficients[0]), float(variance), coefficients[1:], degrees, residuals)


def correlations(residuals):
    """Return the correlations of residuals, shape (n, K); none where fewer than three rows could tell."""
    rows, columns = residuals.shape
    if rows < 3 or columns == 1:
        return np.eye(columns)
    scale = residuals.std(axis=0)
    standard = np.where(scale > 0.0, (residuals - residuals.mean(axis=0)) / np.where(scale > 0.0, scale, 1.0), 0.0)
    found = standard.T @ standard / rows
    np.fill_diagonal(found, 1.0)
    return found


def satterthwaite(first, first_degrees, second, second_degrees):
    """Return the degrees of freedom of sums of two variances, each with its own, shape (K,)."""
    total = first + second
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = first**2 / first_degrees + (second**2 / second_degrees if second_degrees > 0 else 0.0)
        degrees = np.where(parts > 0.0, total**2 / parts, first_degrees)
    return np.where(np.isfinite(first) & (first_degrees > 0), degrees, np.nan)


def critical_value(estimate, level=LEVEL, draws=DRAWS):
    """Return the bound that the largest of |error| / standard error stays below with this probability.

    Normal errors with the estimated correlations are simulated; every difference has its own estimated variance, as in
    the data. Correlations are drawn towards none by 1 / (pairs - 1), as two pairs know nothing of them: independent
    statistics have the widest intervals (Sidak 1967), so this errs on the safe side.

    Source: max-t, Hothorn, Bretz & Westfall 2008, Biometrical Journal 50 (doi 10.1002/bimj.200810425).
    """
    good = np.isfinite(estimate.error) & (estimate.error > 0.0) & np.isfinite(estimate.degrees)
    if good.sum() < 2:
        return 0.0  # nothing to be judged together: the single interval is the simultaneous one
    place = np.ix_(good, good)
    scale = estimate.error[good]
    generator = np.random.default_rng(SEED)
    known = estimate.covariance[place] / np.outer(scale, scale)
    known *= 1.0 - min(1.0, 1.0 / max(1, int(estimate.pairs[good].min()) - 1))
    np.fill_diagonal(known, 1.0)
    root = factor(known)
    degrees = min(MOST_DEGREES, max(1, int(round(float(np.min(estimate.degrees[good]))))))
    errors = generator.standard_normal((draws, root.shape[1])) @ root.T
    variances = np.zeros((draws, len(scale)))
    for _ in range(degrees):
        variances += (generator.standard_normal((draws, root.shape[1])) @ root.T) ** 2
    largest = np.max(np.abs(errors) / np.sqrt(variances / degrees), axis=1)
    return float(np.quantile(largest, level))


def factor(matrix):
    """Return a root R of a correlation matrix, matrix = R R', whatever its rank."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(np.clip(values, 0.0, None))
