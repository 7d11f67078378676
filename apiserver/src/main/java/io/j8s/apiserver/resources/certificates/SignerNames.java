package io.j8s.apiserver.resources.certificates;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import java.util.List;

/// What signers may be called: `example.com/name`.
final class SignerNames {

    private static final int MOST_DOMAIN_CHARACTERS = 253;
    private static final int MOST_CHARACTERS = 253 + 1 + 253 + 63 + 1;

    private SignerNames() {}

    static void check(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
            return;
        }
        String[] segments = name.split("/", -1);
        if (segments.length != 2) {
            errors.invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (segments[0].length() > MOST_DOMAIN_CHARACTERS) {
            errors.tooLong(path, MOST_DOMAIN_CHARACTERS);
        }
        String[] domain = segments[0].split("\\.", -1);
        for (String label : domain) {
            if (reported(Names.dnsLabel(label), segments[0], path, errors)) {
                break;
            }
        }
        if (domain.length < 2) {
            errors.invalid(path, segments[0], "should be a domain with at least two segments separated by dots");
        }
        for (String label : segments[1].split("\\.", -1)) {
            if (reported(Names.dnsSubdomain(label), segments[1], path, errors)) {
                break;
            }
        }
        if (name.length() > MOST_CHARACTERS) {
            errors.tooLong(path, MOST_CHARACTERS);
        }
    }

    private static boolean reported(List<String> problems, String value, FieldPath path, FieldErrors errors) {
        problems.forEach(problem -> errors.invalid(path, value, problem));
        return !problems.isEmpty();
    }
}
