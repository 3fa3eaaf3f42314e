from rest_framework import status
from rest_framework.test import APITestCase

from todo.models import TodoItem


class RootTest(APITestCase):
    def test_links_to_the_list(self):
        response = self.client.get("/")
        self.assertEqual(response.status_code, status.HTTP_200_OK)
        self.assertEqual(response.json(), {"todos": "http://testserver/todos"})

    def test_answers_head(self):
        response = self.client.head("/")
        self.assertEqual(response.status_code, status.HTTP_200_OK)
        self.assertEqual(response.content, b"")


class CreateTest(APITestCase):
    def setUp(self):
        data = {"title": "Wash the car", "order": 1}
        self.response = self.client.post("/todos", data, format="json")

    def test_is_created(self):
        self.assertEqual(self.response.status_code, status.HTTP_201_CREATED)
        self.assertEqual(TodoItem.objects.count(), 1)

    def test_location_is_where_the_item_is(self):
        location = self.response["Location"]
        self.assertTrue(location.startswith("http://testserver/todos/"), location)
        self.assertEqual(self.client.get(location).json()["title"], "Wash the car")

    def test_is_not_completed_by_default(self):
        self.assertIs(self.response.json()["completed"], False)

    def test_a_title_is_required(self):
        response = self.client.post("/todos", {"order": 2}, format="json")
        self.assertEqual(response.status_code, status.HTTP_400_BAD_REQUEST)
        self.assertEqual(TodoItem.objects.count(), 1)


class ItemTest(APITestCase):
    def setUp(self):
        self.late = TodoItem.objects.create(title="Sell the car", order=2)
        self.early = TodoItem.objects.create(title="Wash the car", order=1)
        self.url = f"/todos/{self.early.pk}"

    def test_the_list_is_in_order(self):
        titles = [item["title"] for item in self.client.get("/todos").json()]
        self.assertEqual(titles, ["Wash the car", "Sell the car"])

    def test_can_be_read(self):
        self.assertEqual(
            self.client.get(self.url).json(),
            {
                "url": f"http://testserver{self.url}",
                "title": "Wash the car",
                "completed": False,
                "order": 1,
            },
        )

    def test_can_be_completed(self):
        response = self.client.patch(self.url, {"completed": True}, format="json")
        self.assertEqual(response.status_code, status.HTTP_200_OK)
        self.early.refresh_from_db()
        self.assertTrue(self.early.completed)
        self.assertEqual(self.early.title, "Wash the car")

    def test_can_be_deleted(self):
        response = self.client.delete(self.url)
        self.assertEqual(response.status_code, status.HTTP_204_NO_CONTENT)
        self.assertEqual(self.client.get(self.url).status_code, status.HTTP_404_NOT_FOUND)
        self.assertEqual(TodoItem.objects.count(), 1)

    def test_all_can_be_deleted(self):
        response = self.client.delete("/todos")
        self.assertEqual(response.status_code, status.HTTP_204_NO_CONTENT)
        self.assertEqual(self.client.get("/todos").json(), [])
