package io.j8s.apiserver.serve;

import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.status.Refusal;

/// What a user is told who may not do something.
public final class Access {

    private Access() {}

    public static Refusal forbidden(Attributes attributes) {
        String user = "User \"" + attributes.user().name() + "\"";
        if (!attributes.aboutResource()) {
            return Refusal.forbiddenPath("forbidden: " + user + " cannot " + attributes.verb() + " path \"" + attributes.path() + "\"");
        }
        String what = attributes.resource() + (attributes.subresource().isEmpty() ? "" : "/" + attributes.subresource());
        String where = attributes.namespace().isEmpty() ? " at the cluster scope" : " in the namespace \"" + attributes.namespace() + "\"";
        return Refusal.forbidden(
                attributes.group(), attributes.resource(), attributes.name(),
                user + " cannot " + attributes.verb() + " resource \"" + what + "\" in API group \"" + attributes.group() + "\"" + where);
    }
}
