"""What Piccolo's migration commands look for: the engine and the registry of applications."""

from piccolo.conf.apps import AppRegistry

from app.infra.database import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["app.infra.piccolo_app"])
