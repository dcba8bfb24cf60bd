"""A file with 500 seeded errors returns exactly those 500: row, column and reason. Source: S3, ADR 0015."""

import random
import re
from collections.abc import Callable
from typing import Any

from common.auth import Role
from common.ids import uuid7
from common.testing.tokens import make_actor

HEYUAN = "441600000000"
TWICE = 10
"""Rows that stand twice; each is told of both."""
ERRORS = 500

Seed = Callable[[Any, int], tuple[str, str]]


def cell(header: str, value: Any, code: str, told: str | None = None) -> Seed:
    """One cell is overwritten; the error is told of its column, or of another one."""

    def seed(sheet: Any, row: int) -> tuple[str, str]:
        sheet.put(row, header, value)
        return told or header, code

    return seed


def status_without_reason(sheet: Any, row: int) -> tuple[str, str]:
    sheet.put(row, "状态", "suspended")
    sheet.put(row, "状态（名称）", "暂停")
    return "变更理由", "reason-required"


def another_name(sheet: Any, row: int) -> tuple[str, str]:
    """An office of a town or a village has fixed words; a bureau's name can be approved."""
    sheet.put(row, "机构名称", "为民服务中心")
    is_bureau = sheet.get(row, "层级") == "county"
    return "机构名称", "registry.office-name-needs-approval" if is_bureau else "registry.office-name-refused"


def unknown_label(sheet: Any, row: int) -> tuple[str, str]:
    sheet.put(row, "状态", None)
    sheet.put(row, "状态（名称）", "很忙")
    return "状态（名称）", "unknown-code"


def another_division(sheet: Any, row: int) -> tuple[str, str]:
    sheet.put(row, "区划代码", HEYUAN if sheet.get(row, "区划代码") != HEYUAN else "441602000000")
    return "区划代码", "fixed"


def no_such_office(sheet: Any, row: int) -> tuple[str, str]:
    sheet.put(row, "编号", str(uuid7()))
    return "编号", "registry.office-not-found"


SEEDS: tuple[Seed, ...] = (
    cell("办公电话", "打听一下再说", "wrong-form"),
    cell("办公电话", "0762", "wrong-length"),
    cell("标识安装日期", "2026-02-30", "not-a-day"),
    cell("标识安装日期", "去年春天", "not-a-day"),
    cell("标识安装日期", 45000.5, "not-a-day"),
    cell("设置形式", "mansion", "unknown-code"),
    cell("法人性质（名称）", "私人", "unknown-code"),
    cell("统一社会信用代码", 121234567890123456, "precision-lost"),
    cell("统一社会信用代码", "1.21235E+17", "precision-lost"),
    cell("统一社会信用代码", "12123", "wrong-code-form"),
    cell("统一社会信用代码", "121234567890123456", "registry.uscc-refused"),
    cell("区划代码", "4416", "wrong-code-form"),
    cell("区划代码", "441600000201", "wrong-code-form"),
    cell("机构名称", None, "required"),
    another_name,
    cell("机构名称", "电话13800138000的服务站", "personal-data"),
    cell("版本", 7, "stale"),
    cell("版本", None, "version-missing"),
    cell("版本", "第一版", "not-a-number"),
    cell("版本", 1.5, "not-whole"),
    cell("版本", 0, "out-of-range"),
    cell("编号", "第三行", "wrong-identifier"),
    cell("设立日期", "2001-01-01", "shown-only"),
    cell("变更理由", "身份证440301199001011234", "personal-data"),
    cell("变更理由", "长" * 501, "wrong-length"),
    cell("承担职责", "就业服务、就业服务", "named-twice"),
    cell("承担职责", "就业服务、下棋", "unknown-code"),
    cell("标识版本", "a\x07b", "control-character"),
    cell("命名批准文号", "河人社〔2026〕1号", "not-without-name"),
    status_without_reason,
    unknown_label,
    another_division,
    no_such_office,
)


def label_differs(sheet: Any, row: int) -> tuple[str, str]:
    """Not every row has this level."""
    other = "县" if sheet.get(row, "层级") != "county" else "镇"
    sheet.put(row, "层级（名称）", other)
    return "层级（名称）", "label-differs"


def sow(sheet: Any, dice: random.Random) -> set[tuple[int, str, str]]:
    """Puts ERRORS errors into a valid sheet, each into a row of its own, and says which."""
    rows = dice.sample(range(2, len(sheet.rows) + 2), ERRORS - TWICE)
    told = set()
    for row in rows[: ERRORS - 2 * TWICE]:
        told.add((row, *dice.choice((*SEEDS, label_differs))(sheet, row)))
    for row in rows[ERRORS - 2 * TWICE :]:
        sheet.rows.append(list(sheet.rows[row - 2]))
        told |= {(row, "编号", "row-twice"), (len(sheet.rows) + 1, "编号", "row-twice")}
    return told


async def test_500_seeded_errors_are_returned_exactly(desk, clerk_of, tools):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    clerk, supervisor = clerk_of(desk), make_actor(HEYUAN, Role.BUREAU_SUPERVISOR)
    sheet = await clerk.download("offices", division=HEYUAN)
    for row in range(2, len(sheet.rows) + 2):
        sheet.put(row, "办公电话", "0762-5550123")
    own = sheet.find("区划代码", HEYUAN)
    del sheet.rows[own - 2]  # the city's own office is the province's to change
    assert len(sheet.rows) > 1000
    expected = sow(sheet, random.Random(seed))
    assert len(expected) == ERRORS
    before = await clerk.counts()
    job = await clerk.bring_in(supervisor, "offices", sheet)
    assert (job["state"], job["rows_written"]) == ("refused", 0)
    told = tools.read(await clerk.errors(supervisor, job))
    found = [(int(row), column, code) for row, column, code, _ in told.rows]
    assert set(found) == expected, (sorted(set(found) - expected)[:10], sorted(expected - set(found))[:10])
    assert len(found) == job["error_count"] == ERRORS
    assert [row for row, _, _ in found] == sorted(row for row, _, _ in found)
    for _, _, _, reason in told.rows:
        assert re.search(r"[\u4e00-\u9fff]", reason)
        assert not re.search(r"\d{9,}", reason.replace("2147483647", ""))
    assert await clerk.counts() == before
