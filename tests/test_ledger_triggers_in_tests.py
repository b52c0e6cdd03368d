"""The fixture that lets transactional tests be emptied; triggers stand in every test."""

import pytest
from django.db import DatabaseError, connection, transaction

from khuyencong.accounts.models import Organisation, User
from khuyencong.triggers import missing_triggers
from programmes.models import Decision
from tests.factories import make_decision


def record_a_decision() -> Decision:
    organisation = Organisation.objects.create(code="hp", kind=Organisation.Kind.PROVINCE, name="Hải Phòng")
    decision = make_decision(organisation=organisation)
    decision.recorded_by = User.objects.create(username="ke.toan", full_name="Kế Toán")
    decision.save()
    return decision


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_row_of_a_transactional_test_is_protected_and_gone_afterwards(turn: int) -> None:
    assert not missing_triggers()
    assert not Decision.objects.exists()
    decision = record_a_decision()
    for statement in ("UPDATE {} SET number = 'khác' WHERE id = %s", "DELETE FROM {} WHERE id = %s"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(Decision._meta.db_table), [decision.pk])


@pytest.mark.django_db
def test_triggers_stand_after_transactional_tests() -> None:
    assert not missing_triggers()
    assert not Decision.objects.exists()
    record_a_decision()
