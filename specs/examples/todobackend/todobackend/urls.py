from django.urls import include, path
from rest_framework.routers import DefaultRouter

from todo.views import TodoItemViewSet

# DELETE of the whole list, beside the routes that a router makes by itself.
router = DefaultRouter(trailing_slash=False)
router.routes[0].mapping["delete"] = "destroy_all"
router.register("todos", TodoItemViewSet)

urlpatterns = [path("", include(router.urls))]
