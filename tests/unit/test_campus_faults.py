import json
from email.utils import parsedate_to_datetime
from time import perf_counter
from urllib.parse import quote

import pytest

from tests.campus_kit import NOW, Visit

LIST = "/api/courses/v1/courses/?username=catalog_worker"


@pytest.fixture(scope="module")
def shared():
    return Visit(courses=40)


@pytest.fixture
def visit(shared):
    yield shared
    shared.faults(clear=True)
    shared.campus.calls.reset()
    shared.campus.throttle.reset()


def test_an_unknown_fault_is_refused(visit):
    assert visit.faults(rate_limt=40).status_code == 400
    assert visit.faults(rate_limit="often").status_code == 400
    assert visit.admin("/admin/faults")["rules"] == []


def test_a_fault_strikes_its_tenant_source_and_kind_only(visit):
    visit.faults(tenant="edx", source="studio", kinds=["run_detail"], not_found=True)
    key = visit.runs()["results"][0]["id"]
    assert visit.get("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker").status_code == 404
    assert visit.get("otto", f"/api/v2/courses/{key}/").status_code == 200
    token = visit.new_token("pyrite")
    twin = visit.json("studio", LIST, tenant="pyrite", token=token)["results"][0]["id"]
    assert (
        visit.get("studio", f"/api/courses/v1/courses/{twin}/?username=catalog_worker", token, "pyrite").status_code
        == 200
    )


def test_a_fault_ends_by_itself(visit):
    visit.faults(source="studio", not_found=True, for_seconds=120)
    assert visit.get("studio", LIST).status_code == 404
    visit.clock.now += 121
    assert visit.get("studio", LIST).status_code == 200


def test_the_count_over_reports_and_the_late_pages_are_404(visit):
    honest = visit.runs("page_size=50")["pagination"]
    visit.faults(source="studio", over_report=120)
    body = visit.runs("page_size=50")["pagination"]
    assert body["count"] == honest["count"] + 120 and body["num_pages"] > honest["num_pages"]
    last = visit.runs(f"page_size=50&page={honest['num_pages']}")
    assert last["pagination"]["next"]
    late = visit.get("studio", f"{LIST}&page_size=50&page={body['num_pages']}")
    assert late.status_code == 404


def test_more_calls_than_the_rate_allows_are_429_until_the_minute_is_over(visit):
    visit.faults(source="studio", rate_limit=3)
    assert [visit.get("studio", LIST).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = visit.get("studio", LIST)
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    visit.clock.now += 61
    assert visit.get("studio", LIST).status_code == 200


def test_the_wait_after_429_can_be_set(visit):
    visit.faults(source="studio", rate_limit=1, retry_after=7)
    assert [visit.get("studio", LIST).headers.get("Retry-After") for _ in range(2)] == [None, "7"]


@pytest.mark.parametrize(("fault", "status"), [("not_found", 404), ("unauthorized", 401)])
def test_everything_can_be_refused(visit, fault, status):
    visit.faults(source="otto", **{fault: True})
    assert visit.get("otto", "/api/v2/courses/").status_code == status


def test_a_share_of_answers_can_be_errors(visit):
    visit.faults(source="otto", error_share=0.5)
    statuses = {visit.get("otto", "/api/v2/courses/").status_code for _ in range(40)}
    assert statuses == {200, 500}


def test_json_can_break_off(visit):
    visit.faults(source="programs", malformed_share=1.0)
    with pytest.raises(json.JSONDecodeError):
        visit.get("programs", "/api/v1/programs/").json()


def test_an_answer_can_be_far_too_large(visit):
    visit.faults(source="programs", oversized_bytes=2_000_000)
    answer = visit.get("programs", "/api/v1/programs/")
    assert len(answer.content) > 2_000_000 and answer.json()["results"]


def test_a_source_can_send_its_callers_elsewhere(visit):
    visit.faults(source="studio", redirect_to="http://169.254.169.254")
    answer = visit.get("studio", LIST)
    assert answer.status_code == 302
    assert answer.headers["location"] == f"http://169.254.169.254/edx{LIST}"


def test_an_answer_can_take_its_time(visit):
    visit.faults(source="otto", latency_ms=30)
    started = perf_counter()
    visit.get("otto", "/api/v2/courses/")
    assert perf_counter() - started >= 0.03


def test_a_source_can_lag_behind_its_own_events(visit):
    visit.faults(source="studio", lag_seconds=30)
    visit.clock.now += 100
    told = visit.edit("title", value="Brand new")
    path = f"/api/courses/v1/courses/{told['key']}/?username=catalog_worker"
    assert visit.json("studio", path)["name"].strip() == told["before"]["name"]
    visit.clock.now += 31
    assert visit.json("studio", path)["name"].strip() == "Brand new"


def test_a_new_run_appears_in_the_list_only_after_the_lag(visit):
    visit.faults(source="studio", lag_seconds=30)
    visit.clock.now += 100
    before = visit.runs()["pagination"]["count"]
    key = visit.edit("new_run")["key"]
    assert visit.runs()["pagination"]["count"] == before
    assert visit.get("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker").status_code == 404
    visit.clock.now += 31
    assert visit.runs()["pagination"]["count"] == before + 1
    assert visit.get("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker").status_code == 200


def test_an_old_lms_ignores_course_keys_and_answers_with_everything(visit):
    key = visit.runs()["results"][0]["id"]
    visit.faults(source="studio", ignore_course_keys=True)
    assert visit.runs(f"course_keys={quote(key)}")["pagination"]["count"] > 1


def test_a_listing_can_leave_items_out_while_still_counting_them(visit):
    whole = visit.runs("page_size=100")
    visit.faults(source="studio", omit_share=0.3)
    part = visit.runs("page_size=100")
    assert len(part["results"]) < len(whole["results"])
    assert part["pagination"]["count"] == whole["pagination"]["count"]


def test_single_keys_can_go_missing(visit):
    key = visit.runs()["results"][0]["id"]
    visit.faults(missing_keys=[key])
    assert visit.get("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker").status_code == 404
    assert visit.get("otto", f"/api/v2/courses/{key}/").status_code == 404
    assert key not in [run["id"] for run in visit.runs()["results"]]
    assert visit.json("drupal", f"/node.json?type=course&field_course_id={quote(key)}")["list"] == []


def test_the_service_user_can_be_shown_everything(visit):
    before = visit.runs()["pagination"]["count"]
    visit.faults(source="studio", see_everything=True)
    assert visit.runs()["pagination"]["count"] == len(visit.world().all_runs()) > before


def test_who_has_the_content_already_gets_304(visit):
    visit.faults(source="studio", validators=True)
    first = visit.get("studio", LIST)
    again = visit.get("studio", LIST, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.content
    assert parsedate_to_datetime(first.headers["Last-Modified"]) >= NOW


def test_the_lms_sends_no_validators_and_the_marketing_site_does(visit):
    assert "ETag" not in visit.get("studio", LIST).headers
    assert "ETag" in visit.get("drupal", "/node.json?type=school").headers


def test_pacing_can_be_dirty_or_missing(visit):
    visit.faults(source="studio", dirty_pacing=1.0, missing_pacing=0.0)
    assert not {run["pacing"] for run in visit.runs("page_size=50")["results"]} & {"self", "instructor"}
    visit.faults(source="studio", missing_pacing=1.0)
    assert all("pacing" not in run for run in visit.runs("page_size=50")["results"])


def test_names_can_have_stray_spaces(visit):
    visit.faults(source="studio", stray_spaces=1.0)
    assert all(run["name"] != run["name"].strip() for run in visit.runs()["results"])


def skus(visit):
    courses = visit.json("otto", "/api/v2/courses/?include_products=True&page_size=100")["results"]
    return [record for course in courses for product in course["products"] for record in product["stockrecords"]]


def test_the_phones_own_skus_can_be_switched_off(visit):
    assert any(record["partner_sku"].startswith("mobile.") for record in skus(visit))
    visit.faults(source="otto", mobile_skus=False)
    assert not any(record["partner_sku"].startswith("mobile.") for record in skus(visit))


def test_stock_can_lose_its_currency(visit):
    visit.faults(source="otto", missing_currency=1.0)
    assert {record["price_currency"] for record in skus(visit)} == {None}


def test_prices_can_be_called_as_they_were(visit):
    assert "price" in skus(visit)[0]
    visit.faults(source="otto", price_excl_tax=True)
    assert "price_excl_tax" in skus(visit)[0] and "price" not in skus(visit)[0]


def test_certificate_types_can_all_be_dropped_or_all_be_named(visit):
    visit.faults(source="otto", drop_certificate_type=True)
    text = visit.get("otto", "/api/v2/courses/?include_products=True").text
    assert "certificate_type" not in text
    visit.faults(clear=True, source="otto", audit_certificate_type=True)
    assert '"certificate_type","value":"audit"' in visit.get("otto", "/api/v2/courses/?include_products=True").text


def test_the_marketing_site_can_insist_on_its_own_login(visit):
    visit.faults(source="drupal", session_only=True)
    assert visit.get("drupal", "/node.json?type=school").status_code == 403


def test_an_older_marketing_site_leads_to_the_profile_after_login(visit):
    visit.faults(source="drupal", login_to_profile=True)
    form = {"name": "catalog_worker", "pass": "campus", "form_id": "user_login", "op": "Log in"}
    answer = visit.clients["drupal"].post("/edx/user", data=form)
    assert answer.headers["location"].endswith("/edx/users/catalog_worker")


def test_production_can_be_played(visit):
    visit.faults(preset="realistic")
    assert [visit.get("studio", LIST).status_code for _ in range(41)][-2:] == [200, 429]


def test_calls_are_counted_by_tenant_source_and_kind(visit):
    key = visit.runs()["results"][0]["id"]
    visit.get("studio", f"/api/courses/v1/courses/{key}/?username=catalog_worker")
    visit.get("studio", "/api/courses/v1/courses/No+Such+Run/")
    calls = visit.admin("/admin/calls")["edx"]["studio"]
    assert calls == {"total": 3, "kinds": {"run_list": 1, "run_detail": 2}, "statuses": {"200": 2, "404": 1}}
    assert visit.admin("/admin/calls/recent")[-1]["status"] == 404
    visit.clients["identity"].post("/admin/calls/reset")
    assert visit.admin("/admin/calls") == {}


def test_the_rules_in_force_can_be_read(visit):
    visit.faults(tenant="edx", source="studio", rate_limit=40, for_seconds=5)
    rules = visit.admin("/admin/faults")["rules"]
    assert rules[0]["rate_limit"] == 40 and rules[0]["until"] == visit.clock.now + 5
