from rest_framework import status
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from todo.models import TodoItem
from todo.serializers import TodoItemSerializer


class TodoItemViewSet(ModelViewSet):
    """The list of things to do, and each of them."""

    queryset = TodoItem.objects.all()
    serializer_class = TodoItemSerializer

    def destroy_all(self, request):
        self.get_queryset().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
