"""The demo's chain before anybody said anything there, for `python -m tests.e2e.case_chain`.

Three contacts are added, named after their posts, so that the published case can be played: they live in the data of
one test. The demo itself knows nobody of a real organisation.
"""

import django


def load() -> None:
    from django.db import transaction
    from django.utils import timezone

    from lianqiao.accounts.models import Person
    from lianqiao.config.database import migrate
    from lianqiao.core.actor import Role, at_the_terminal
    from lianqiao.core.writing import creation
    from lianqiao.lists.actions.habits import begin_categories
    from lianqiao.portal.demo import loading
    from lianqiao.portal.demo.content import PASSWORD
    from lianqiao.projects.actions.kinds import begin_kinds
    from lianqiao.registry.actions.positions import grant_position

    by = at_the_terminal("test")
    migrate(by=by, say=lambda text: None)
    demo = loading.Demo(by, timezone.localdate())
    with transaction.atomic():
        loading.load_regions(demo)
        loading.load_organisations(demo)
        chain = loading.load_chain(demo)
        loading.load_memberships(demo)
        loading.load_people(demo)
        loading.load_positions(demo)
        begin_categories(chain, by=by)
        begin_kinds(chain, by=by)
        password = loading.hashed(PASSWORD)
        for username, name, role, organisation, unit in (
            ("jingguan", "经管学院联系人", Role.COLLEGE_CONTACT, "jsjzi", "economics"),
            ("zuzhibu", "组织部联系人", Role.SCHOOL_COORDINATOR, "jsjzi", ""),
            ("bozhi", "博智联系人", Role.ENTERPRISE_CONTACT, "bozhi", ""),
        ):
            person = Person(username=username, name=name, state=Person.State.ACTIVE, password=password)
            with creation(person, by=by, permission="accounts.invite_person"):
                pass
            grant_position(
                person=person, role=role, organisation=demo.organisations[organisation],
                unit=demo.units[organisation, unit] if unit else None, chain=None,
                starts_on=demo.today, ends_on=None, by=by,
            )  # fmt: skip


if __name__ == "__main__":
    django.setup()
    load()
