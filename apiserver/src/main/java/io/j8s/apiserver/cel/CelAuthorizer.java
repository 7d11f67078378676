package io.j8s.apiserver.cel;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;

/// The variable `authorizer` of an expression, at some point of its chain of calls: whose permission is asked for, and for what. Immutable.
///
/// @param asked the decision, once it was asked for; before that a NoOpinion
public record CelAuthorizer(Authorizer authorizer, Attributes attributes, Decision asked) {

    private static final Decision NOT_ASKED = new Decision.NoOpinion("");

    public static CelAuthorizer of(Authorizer authorizer, User user) {
        return new CelAuthorizer(authorizer, Attributes.ofPath(user, "", ""), NOT_ASKED);
    }

    /// The variable `authorizer.requestResource`.
    public static CelAuthorizer of(Authorizer authorizer, Attributes resource) {
        return new CelAuthorizer(authorizer, resource, NOT_ASKED);
    }

    CelAuthorizer serviceAccount(String namespace, String name) {
        User user = User.of("system:serviceaccount:" + namespace + ":" + name, "system:serviceaccounts", "system:serviceaccounts:" + namespace, User.AUTHENTICATED);
        return of(authorizer, user);
    }

    CelAuthorizer path(String path) {
        return new CelAuthorizer(authorizer, Attributes.ofPath(attributes.user(), "", path), NOT_ASKED);
    }

    CelAuthorizer group(String group) {
        return with(new Attributes(attributes.user(), "", group, "*", "", "", "", "", "", "", ""));
    }

    CelAuthorizer resource(String resource) {
        return with(new Attributes(attributes.user(), "", attributes.group(), "*", resource, "", "", "", "", "", ""));
    }

    CelAuthorizer subresource(String subresource) {
        Attributes a = attributes;
        return with(new Attributes(a.user(), "", a.group(), "*", a.resource(), subresource, a.namespace(), a.name(), "", a.fieldSelector(), a.labelSelector()));
    }

    CelAuthorizer namespace(String namespace) {
        Attributes a = attributes;
        return with(new Attributes(a.user(), "", a.group(), "*", a.resource(), a.subresource(), namespace, a.name(), "", a.fieldSelector(), a.labelSelector()));
    }

    CelAuthorizer name(String name) {
        Attributes a = attributes;
        return with(new Attributes(a.user(), "", a.group(), "*", a.resource(), a.subresource(), a.namespace(), name, "", a.fieldSelector(), a.labelSelector()));
    }

    CelAuthorizer fieldSelector(String selector) {
        Attributes a = attributes;
        return with(new Attributes(a.user(), "", a.group(), "*", a.resource(), a.subresource(), a.namespace(), a.name(), "", selector, a.labelSelector()));
    }

    CelAuthorizer labelSelector(String selector) {
        Attributes a = attributes;
        return with(new Attributes(a.user(), "", a.group(), "*", a.resource(), a.subresource(), a.namespace(), a.name(), "", a.fieldSelector(), selector));
    }

    private CelAuthorizer with(Attributes changed) {
        return new CelAuthorizer(authorizer, changed, NOT_ASKED);
    }

    CelAuthorizer check(String verb) {
        Attributes a = attributes;
        Attributes exact = new Attributes(
                a.user(), verb, a.group(), a.version(), a.resource(), a.subresource(), a.namespace(), a.name(), a.path(), a.fieldSelector(), a.labelSelector());
        return new CelAuthorizer(authorizer, exact, authorizer.authorize(exact));
    }

    boolean allowed() {
        return asked instanceof Decision.Allow;
    }
}
