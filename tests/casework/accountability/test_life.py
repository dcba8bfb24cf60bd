"""Random walks through the life of proceedings, against a model of who may do what and when."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

SEVERITY = {"reminder_talk": 1, "written_review": 2, "circulated_criticism": 3, "no_action": 0}
WHO = ("person", "colleague", "head", "county", "county_two", "city", "other_county", "auditor")
OVERSEES = {"head", "county", "county_two", "city"}
SEES = OVERSEES | {"person"}
STEPS = 7
ACTS = ("statement", "decision", "appeal", "outcome")


@dataclass
class Model:
    """What has to be true of one proceeding."""

    opener: str
    status: str = "awaiting_statement"
    day: date = date(2026, 9, 7)
    decided_by: str | None = None
    kind: str | None = None
    appeal_ends: date | None = None
    standing: str | None = None

    def may(self, act: str, who: str, kind: str) -> bool:
        """Whether the act succeeds."""
        if act == "statement":
            return who == "person" and self.status == "awaiting_statement"
        if act == "decision":
            is_heard = self.status == "awaiting_decision" or (
                self.status == "awaiting_statement" and self.day > date(2026, 9, 14)
            )
            return who in OVERSEES - {self.opener} and is_heard
        if act == "appeal":
            in_time = self.appeal_ends is not None and self.day <= self.appeal_ends
            return who == "person" and self.status == "decided" and in_time
        return self.may_hear(who) and self.status == "appealed" and SEVERITY[kind] < SEVERITY[str(self.kind)]

    def may_hear(self, who: str) -> bool:
        """A supervisor above who decided, who has had nothing to do with it."""
        above = {"head": {"county", "county_two", "city"}, "county": {"city"}, "county_two": {"city"}}
        return who in above.get(str(self.decided_by), set()) - {self.opener}

    def do(self, act: str, who: str, kind: str) -> None:
        """Makes the act."""
        if act == "statement":
            self.status = "awaiting_decision"
        elif act == "decision":
            self.decided_by, self.kind = who, kind
            self.status = "decided" if SEVERITY[kind] else "final"
            self.standing = kind
        elif act == "appeal":
            self.status = "appealed"
        else:
            self.status, self.standing = "final", kind


def body(act: str, kind: str) -> dict[str, Any]:
    """What is sent."""
    return {
        "statement": {"statement": "情况说明"},
        "decision": {"kind": kind, "reason": "经查属实"},
        "appeal": {"grounds": "请求复核"},
        "outcome": {"result": "changed", "kind": kind, "reason": "减轻处理"},
    }[act]


def chosen(chance: random.Random, model: Model) -> tuple[str, str, str]:
    """Anything at all; half of the time something that is let through, so that walks get somewhere."""
    everything = [(act, who, kind) for act in ACTS for who in WHO for kind in sorted(SEVERITY)]
    allowed = [one for one in everything if model.may(*one)]
    return chance.choice(allowed if allowed and chance.random() < 0.5 else everything)


@pytest.mark.parametrize("seed", range(12))
async def test_a_proceeding_goes_only_where_the_model_lets_it(desk, people, clock, seed):
    """O4.3d: whatever anybody tries in whatever order; what is refused changes nothing."""
    chance = random.Random(seed)
    for number in range(4):
        clock.move_to(datetime(2026, 9, 7, 2, tzinfo=UTC))
        model = Model(opener=chance.choice(sorted(OVERSEES)))
        opening = {
            "source": "finding", "person": "clerk-1", "division": "440305001000", "grounds": f"检查发现第{number}项",
        }  # fmt: skip
        held = (await desk.post(getattr(people, model.opener), "/proceedings", opening)).json()
        for _ in range(chance.randint(STEPS, 3 * STEPS)):
            if chance.random() < 0.15:
                model.day += timedelta(days=chance.choice([1, 8, 30]))
                clock.move_to(datetime(model.day.year, model.day.month, model.day.day, 2, tzinfo=UTC))
                continue
            act, who, kind = chosen(chance, model)
            path = f"/proceedings/{held['id']}/{act}"
            answer = await desk.post(getattr(people, who), path, body(act, kind), version=held["version"])
            expected = model.may(act, who, kind)
            assert (answer.status_code == 200) is expected, (act, who, kind, model, answer.text)
            if expected:
                model.do(act, who, kind)
                held = answer.json()
                if act == "decision" and held["appeal_due_on"]:
                    model.appeal_ends = date.fromisoformat(held["appeal_due_on"])
                    assert model.appeal_ends >= model.day + timedelta(days=30)
            else:
                assert answer.status_code == (404 if who not in SEES else answer.status_code)
            assert held["status"] == model.status
        read = (await desk.get(people.city, f"/proceedings/{held['id']}")).json()
        assert (read["status"], read["version"]) == (model.status, held["version"])
        is_entered = model.status == "final" and SEVERITY[str(model.standing)] > 0
        assert (read["ledger_entry_id"] is not None) is is_entered
