package io.j8s.apiserver.cel;

import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Names;
import io.j8s.model.schema.TextFormats;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Named formats: `format.dns1123Label().validate('x')` yields what is wrong, or nothing.
final class FormatFunctions {

    private static final OpaqueType FORMAT = OpaqueType.create("kubernetes.NamedFormat");

    private static final Map<String, NameRule> FORMATS = Map.ofEntries(
            Map.entry("dns1123Label", Names::dnsLabel),
            Map.entry("dns1123Subdomain", Names::dnsSubdomain),
            Map.entry("dns1035Label", Names::dnsLabel1035),
            Map.entry("qualifiedName", Names::qualifiedName),
            Map.entry("dns1123LabelPrefix", text -> Names.dnsLabel(asPrefix(text))),
            Map.entry("dns1123SubdomainPrefix", text -> Names.dnsSubdomain(asPrefix(text))),
            Map.entry("dns1035LabelPrefix", text -> Names.dnsLabel1035(asPrefix(text))),
            Map.entry("labelValue", Names::labelValue),
            Map.entry("uri", text -> TextFormats.matches("uri", text) ? List.of() : List.of("invalid URI for request")),
            Map.entry("uuid", text -> TextFormats.matches("uuid", text) ? List.of() : List.of("does not match the UUID format")),
            Map.entry("byte", text -> TextFormats.matches("byte", text) ? List.of() : List.of("invalid base64")),
            Map.entry("date", text -> TextFormats.matches("date", text) ? List.of() : List.of("invalid date")),
            Map.entry("datetime", text -> TextFormats.matches("datetime", text) ? List.of() : List.of("invalid datetime")));

    private FormatFunctions() {}

    /// A format that equals itself only.
    record Format(String name) {}

    private static String asPrefix(String text) {
        return text.endsWith("-") && text.length() > 1 ? text.substring(0, text.length() - 2) + "a" : text;
    }

    static void addTo(Functions f) {
        FORMATS.keySet().forEach(name -> f.global("format." + name, "format." + name, FORMAT, args -> new Format(name)));
        f.global("format.named", "format-named", OptionalType.create(FORMAT),
                args -> FORMATS.containsKey((String) args[0]) ? Optional.of(new Format((String) args[0])) : Optional.empty(), SimpleType.STRING);
        f.member("validate", "format-validate", OptionalType.create(ListType.create(SimpleType.STRING)), args -> {
            NameRule rule = FORMATS.get(((Format) args[0]).name());
            List<String> problems = rule == null ? List.of() : rule.problems((String) args[1]);
            return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
        }, FORMAT, SimpleType.STRING);
    }
}
