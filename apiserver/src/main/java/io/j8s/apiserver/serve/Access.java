package io.j8s.apiserver.serve;

import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.status.Refusal;

/// What a user is told who may not do something.
public final class Access {

    private Access() {}

    /// Without a reason.
    public static Refusal forbidden(Attributes attributes) {
        return forbidden(attributes, "");
    }

    /// @param reason what the authorizers said; may be empty
    public static Refusal forbidden(Attributes attributes, String reason) {
        String user = "User \"" + attributes.user().name() + "\"";
        String because = reason.isEmpty() ? "" : ": " + reason;
        if (!attributes.aboutResource()) {
            return Refusal.forbiddenPath("forbidden: " + escaped(user + " cannot " + attributes.verb() + " path \"" + attributes.path() + "\"") + because);
        }
        String what = attributes.resource() + (attributes.subresource().isEmpty() ? "" : "/" + attributes.subresource());
        String where = attributes.namespace().isEmpty() ? " at the cluster scope" : " in the namespace \"" + attributes.namespace() + "\"";
        return Refusal.forbidden(
                attributes.group(), attributes.resource(), attributes.name(),
                escaped(user + " cannot " + attributes.verb() + " resource \"" + what + "\" in API group \"" + attributes.group() + "\"" + where) + because);
    }

    /// Names come from the client, and browsers may show the text.
    private static String escaped(String text) {
        return text.indexOf('&') < 0 && text.indexOf('<') < 0 && text.indexOf('>') < 0 ? text : text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
