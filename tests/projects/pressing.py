"""What a person does in a page: opens, sends, presses the button that takes back."""

from django.urls import reverse


def detail(client, project):
    return client.get(reverse("project_detail", args=[project.pk]))


def post(client, name, *args, follow=False, **body):
    return client.post(reverse(name, args=args), body, follow=follow)


def undone(client, answer):
    """Press the button that the next page tells."""
    token = client.get(answer.url).context["done"]["token"]
    return client.post(reverse("undo"), {"done": token})
