"""The counts that standards.md §11 states, over HTTP."""


async def test_the_summary_counts_guangdong(desk):
    assert (await desk.get("/summary")).json() == {
        "divisions": {"province": 1, "city": 21, "county": 124, "town": 1_757, "village": 26_842},
        "county_fillers": 2,
        "formal_towns": 1_610,
        "offices": {"bureau": 144, "service_office": 1_610, "service_station": 26_496},
        "naming_reports": 495,
    }


async def test_the_summary_is_that_of_the_day_and_leaves_closed_offices_out(desk, world):
    assert (await desk.get("/summary", on="2023-06-29")).json()["divisions"] == {}
    await desk.rows(
        "UPDATE offices SET status = 'closed', valid_to = '2099-01-01' WHERE division = $1", world.HEPING_VILLAGE
    )
    assert (await desk.get("/summary")).json()["offices"]["service_station"] == 26_495
