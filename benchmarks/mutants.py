"""Small changes to the laws and behaviours of the model, one at a time: what tests have to notice.

A mutant is a function of the model with one node of its syntax tree replaced. Operators:

comparison  < to <=, < to >, == to != and so on        boolean  and to or, or one side only
arithmetic  + to -, * to / and back                    negate   a condition
term        a term of a sum dropped                    minmax   min to max and back
factor      a factor of a product dropped              remove   an assignment to a field, a sum's step, a bare call or exit
constant    a number + 1, a fraction also x 1.5        return   0 (or 1) instead of the value
rate        a parameter x 1.5
"""

import ast
import copy
import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("model/rules", "model/behaviours")
CLASSES = {
    "value": ("test_rules*.py", "test_behaviours*.py"),
    "law": ("test_lively.py",),
    "golden": ("test_golden_lively.py",),
}  # the tests by what they tell, tried in this order
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.RShift: ast.LShift, ast.LShift: ast.RShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Pow: ast.Mult,
}  # fmt: skip
EXTREMES = {"min": "max", "max": "min"}
PARAMETERS = ("p", "parameters")


@dataclass(frozen=True)
class Mutant:
    """One change: `was` and `now` are the statement it stands in, `source` the whole function as changed."""

    file: str
    function: str
    operator: str
    line: int
    was: str
    now: str
    source: str

    @property
    def name(self):
        """Sixteen hexadecimal digits: the same change has the same name while its function stays as it is."""
        return hashlib.sha256(f"{self.file}\0{self.source}".encode()).hexdigest()[:16]


def find_mutants(root):
    """Return all mutants of the laws and behaviours below `root`, in the order of the source; equal ones once."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((Path(root) / folder).rglob("*.py")):
            file = path.relative_to(root).as_posix()
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) or _is_number(node):
                    for mutant in mutants_of(file, node):
                        found.setdefault(mutant.name, mutant)
    return list(found.values())


def _is_number(node):
    """Tell whether a statement of a module names a number that is not one of an enumeration, such as a weight."""
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, float)


def mutants_of(file, definition):
    """Yield the mutants of one function, or of one number with a name."""
    tree = copy.deepcopy(definition)
    if isinstance(tree, ast.FunctionDef):
        tree.decorator_list = []
        function = tree.name
    else:
        function = ast.unparse(tree.targets[0])
    unchanged = ast.unparse(tree)
    for statement, parent, field, index, node in _places(tree):
        for operator, other in _variants(node, parent):
            was = _text(statement)
            _put(parent, field, index, other)
            source = ast.unparse(ast.fix_missing_locations(tree))
            now = "removed" if operator == "remove" else _text(statement)
            _put(parent, field, index, node)
            if source != unchanged:
                yield Mutant(file, function, operator, node.lineno, was, now, source)


def _places(tree):
    """Yield (statement, parent, field, index, node) for every node of a function below its docstring."""
    stack = [(None, tree, None, None, tree)]
    while stack:
        statement, parent, field, index, node = stack.pop()
        if node is not tree:
            yield statement, parent, field, index, node
        below = []
        for name, value in ast.iter_fields(node):
            if name in ("args", "decorator_list", "returns", "func", "ctx", "targets", "target"):
                if not (name == "args" and isinstance(node, ast.Call)):
                    continue
            for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(child, ast.AST) or not hasattr(child, "lineno"):
                    continue
                if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                    continue  # the docstring
                mine = child if isinstance(child, ast.stmt) else statement or tree
                below.append((mine, node, name, place, child))
        stack.extend(reversed(below))


def _put(parent, field, index, node):
    """Put a node in its place below `parent`."""
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _text(statement):
    """Return a statement as one line; of a compound one its head."""
    if isinstance(statement, (ast.If, ast.While)):
        return f"{type(statement).__name__.lower()} {ast.unparse(statement.test)}:"
    if isinstance(statement, ast.For):
        return f"for {ast.unparse(statement.target)} in {ast.unparse(statement.iter)}:"
    return " ".join(ast.unparse(statement).split())


def _variants(node, parent):
    """Yield (operator, changed node) for one node."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        for other in COMPARISONS[type(node.ops[0])]:
            yield "comparison", ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.BinOp):
        yield from _sums_and_products(node)
    elif isinstance(node, ast.AugAssign):
        if type(node.op) in ARITHMETIC:
            yield "arithmetic", ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
        yield "remove", ast.Pass()
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        yield "constant", ast.Constant(node.value + 1)
        if isinstance(node.value, float) and node.value:
            yield "constant", ast.Constant(node.value * 1.5)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in PARAMETERS:
        yield "rate", ast.BinOp(ast.Constant(1.5), ast.Mult(), node)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EXTREMES:
        yield "minmax", ast.Call(ast.Name(EXTREMES[node.func.id], ast.Load()), node.args, node.keywords)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "boolean", ast.BoolOp(other, node.values)
        for dropped in range(len(node.values)):
            rest = [value for place, value in enumerate(node.values) if place != dropped]
            yield "boolean", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield ("negate" if isinstance(node.op, ast.Not) else "arithmetic"), node.operand
    elif isinstance(node, ast.Assign) and any(isinstance(target, (ast.Attribute, ast.Subscript)) for target in node.targets):
        yield "remove", ast.Pass()
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "remove", ast.Pass()
    elif isinstance(node, ast.Return):
        yield from _returns(node)
    if isinstance(parent, (ast.If, ast.IfExp, ast.While)) and node is parent.test and not isinstance(node, ast.UnaryOp):
        yield "negate", ast.UnaryOp(ast.Not(), node)


def _sums_and_products(node):
    """Yield the changes of one sum, product or other operation of two."""
    kind = type(node.op)
    if kind in ARITHMETIC:
        yield "arithmetic", ast.BinOp(node.left, ARITHMETIC[kind](), node.right)
    if kind is ast.Add:
        yield "term", node.left
        yield "term", node.right
    elif kind is ast.Sub:
        yield "term", node.left
        yield "term", ast.UnaryOp(ast.USub(), node.right)
    elif kind is ast.Mult:
        yield "factor", node.left
        yield "factor", node.right
    elif kind is ast.Div:
        yield "factor", node.left
        yield "factor", ast.BinOp(ast.Constant(1.0), ast.Div(), node.right)


def _returns(node):
    """Yield the changes of one return."""
    if node.value is None:
        yield "remove", ast.Pass()
        return
    is_nothing = isinstance(node.value, ast.Constant) and node.value.value == 0
    yield "return", ast.Return(ast.Constant(1.0 if is_nothing else 0.0))
