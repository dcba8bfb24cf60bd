"""Use cases of the money."""

from registry.funding.service.aid import change_grant, create_grant, spend_grant
from registry.funding.service.budgets import (
    BudgetCheck,
    BudgetLineChanges,
    NewBudgetLine,
    change_budget_line,
    change_supplement,
    check_budgets,
    count_budgets,
    create_budget_line,
    create_supplement,
)
from registry.funding.service.expenses import NewExpense, create_expense, reverse_expense, sum_expenses
from registry.funding.service.reading import get_money, list_money, list_money_versions

__all__ = [
    "BudgetCheck",
    "BudgetLineChanges",
    "NewBudgetLine",
    "NewExpense",
    "change_budget_line",
    "change_grant",
    "change_supplement",
    "check_budgets",
    "count_budgets",
    "create_budget_line",
    "create_expense",
    "create_grant",
    "create_supplement",
    "get_money",
    "list_money",
    "list_money_versions",
    "reverse_expense",
    "spend_grant",
    "sum_expenses",
]
