package io.j8s.apiserver.cel;

import com.google.re2j.Matcher;
import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import io.j8s.model.schema.RegularExpression;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The function libraries of Kubernetes: lists, regular expressions, URLs, quantities, addresses, authorization.
final class KubernetesFunctions {

    private static final OpaqueType URL = OpaqueType.create("kubernetes.URL");
    private static final TypeParamType ELEMENT = TypeParamType.create("A");
    private static final ListType LIST = ListType.create(ELEMENT);

    private KubernetesFunctions() {}

    /// @param patches whether expressions make patches
    static void addTo(CelBuilder builder, boolean patches) {
        Functions functions = new Functions();
        lists(functions);
        texts(functions);
        urls(functions);
        QuantityFunctions.addTo(functions);
        AddressFunctions.addTo(functions);
        AuthorizerFunctions.addTo(functions);
        FormatFunctions.addTo(functions);
        SemverFunctions.addTo(functions);
        if (patches) {
            functions.global("jsonpatch.escapeKey", "k8s_jsonpatch_escape_key", SimpleType.STRING,
                    args -> ((String) args[0]).replace("~", "~0").replace("/", "~1"), SimpleType.STRING);
        }
        functions.addTo(builder);
    }

    private static void lists(Functions f) {
        f.member("isSorted", "k8s_list_is_sorted", SimpleType.BOOL, args -> sorted((List<?>) args[0]), LIST);
        f.member("sum", "k8s_list_sum", ELEMENT, args -> sum((List<?>) args[0]), LIST);
        f.member("min", "k8s_list_min", ELEMENT, args -> extreme((List<?>) args[0], -1), LIST);
        f.member("max", "k8s_list_max", ELEMENT, args -> extreme((List<?>) args[0], 1), LIST);
        f.member("indexOf", "k8s_list_index_of", SimpleType.INT, args -> (long) ((List<?>) args[0]).indexOf(args[1]), LIST, ELEMENT);
        f.member("lastIndexOf", "k8s_list_last_index_of", SimpleType.INT, args -> (long) ((List<?>) args[0]).lastIndexOf(args[1]), LIST, ELEMENT);
    }

    @SuppressWarnings("unchecked") // values of one kind compare with each other
    private static int compare(Object one, Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        return ((Comparable<Object>) one).compareTo(other);
    }

    private static boolean sorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object sum(List<?> list) {
        boolean whole = list.stream().allMatch(Long.class::isInstance);
        double sum = 0;
        long exact = 0;
        for (Object one : list) {
            sum += ((Number) one).doubleValue();
            exact = whole ? Math.addExact(exact, (Long) one) : 0;
        }
        return whole ? (Object) exact : (Object) sum;
    }

    private static Object extreme(List<?> list, int sign) {
        Object best = null;
        for (Object one : list) {
            best = best == null || compare(one, best) * sign > 0 ? one : best;
        }
        if (best == null) {
            throw new IllegalArgumentException(sign < 0 ? "min called on empty list" : "max called on empty list");
        }
        return best;
    }

    private static void texts(Functions f) {
        f.member("find", "k8s_string_find", SimpleType.STRING, args -> {
            List<String> found = findAll((String) args[0], (String) args[1], 1);
            return found.isEmpty() ? "" : found.getFirst();
        }, SimpleType.STRING, SimpleType.STRING);
        f.member("findAll", "k8s_string_find_all", ListType.create(SimpleType.STRING),
                args -> findAll((String) args[0], (String) args[1], Long.MAX_VALUE), SimpleType.STRING, SimpleType.STRING);
        f.member("findAll", "k8s_string_find_all_some", ListType.create(SimpleType.STRING),
                args -> findAll((String) args[0], (String) args[1], (Long) args[2] < 0 ? Long.MAX_VALUE : (Long) args[2]),
                SimpleType.STRING, SimpleType.STRING, SimpleType.INT);
        f.member("format", "string_format", SimpleType.STRING, args -> TextFormat.format((String) args[0], (List<?>) args[1]), SimpleType.STRING, ListType.create(SimpleType.DYN));
    }

    private static List<String> findAll(String text, String expression, long most) {
        List<String> found = new ArrayList<>();
        Matcher matcher = RegularExpression.compile(expression).matcher(text);
        while (found.size() < most && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static void urls(Functions f) {
        f.global("url", "k8s_url", URL, args -> url((String) args[0]), SimpleType.STRING);
        f.global("isURL", "k8s_is_url", SimpleType.BOOL, args -> isUrl((String) args[0]), SimpleType.STRING);
        f.member("getScheme", "k8s_url_scheme", SimpleType.STRING, args -> orEmpty(((URI) args[0]).getScheme()), URL);
        f.member("getHost", "k8s_url_host", SimpleType.STRING, args -> orEmpty(((URI) args[0]).getRawAuthority()), URL);
        f.member("getHostname", "k8s_url_hostname", SimpleType.STRING, args -> bare(orEmpty(((URI) args[0]).getHost())), URL);
        f.member("getPort", "k8s_url_port", SimpleType.STRING, args -> ((URI) args[0]).getPort() < 0 ? "" : Integer.toString(((URI) args[0]).getPort()), URL);
        f.member("getEscapedPath", "k8s_url_path", SimpleType.STRING, args -> orEmpty(((URI) args[0]).getRawPath()), URL);
        f.member("getQuery", "k8s_url_query", SimpleType.DYN, args -> query(orEmpty(((URI) args[0]).getQuery())), URL);
    }

    private static URI url(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null || text.startsWith("/")) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("URL parse error during conversion from string: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("URL parse error during conversion from string: \"" + text + "\" is neither absolute nor a path");
    }

    private static boolean isUrl(String text) {
        try {
            url(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Map<String, List<String>> query(String query) {
        Map<String, List<String>> values = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                values.computeIfAbsent(equals < 0 ? pair : pair.substring(0, equals), key -> new ArrayList<>()).add(equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return values;
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }
}
