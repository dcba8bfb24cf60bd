"""Why somebody is not let in."""

from common.errors import Forbidden, Unauthenticated, Unavailable


class TokenMissing(Unauthenticated):
    """No bearer token came with the request."""

    code = "auth.token-missing"
    title = "缺少登录凭证"


class TokenInvalid(Unauthenticated):
    """The token is not one of ours: form, signature, issuer, audience or claims."""

    code = "auth.token-invalid"
    title = "登录凭证无效"


class TokenExpired(Unauthenticated):
    """The token was ours and its time is over."""

    code = "auth.token-expired"
    title = "登录已过期"


class KeysUnavailable(Unavailable):
    """The identity provider's keys cannot be fetched, and none are at hand."""

    code = "auth.keys-unavailable"
    title = "身份认证服务暂不可用"


class RoleRequired(Forbidden):
    """The actor holds none of the roles that this act needs."""

    code = "auth.role-required"
    title = "当前角色无权进行此操作"


class OutOfScope(Forbidden):
    """The division lies outside the actor's own."""

    code = "auth.out-of-scope"
    title = "超出本机构管辖范围"
