from django.urls import reverse

OF_A_ROUND = (
    "round_detail",
    "round_missed",
    "round_picture",
    "round_changes",
    "round_publish",
    "round_compare",
)


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()
