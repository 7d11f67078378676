package io.j8s.apiserver.encoding;

import io.j8s.apiserver.status.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// The form in which a client wants its answer, agreed from its `accept` header.
///
/// @param pretty whether JSON is indented for people
/// @param shape what is to be made of the objects
/// @param shapeVersion the version of `meta.k8s.io` in which a shape is written
public record Accepted(MediaType type, boolean pretty, Shape shape, String shapeVersion) {

    /// JSON, as it comes.
    public static final Accepted JSON = new Accepted(MediaType.JSON, false, Shape.WHOLE, "v1");

    /// What is made of objects before they are encoded.
    public enum Shape { WHOLE, TABLE, METADATA, METADATA_LIST }

    /// Which shapes an endpoint offers.
    ///
    /// @param streams whether the endpoint can also be watched: then the forms of streams are among those that it names
    public record Offer(BiPredicate<MediaType, Shape> shapes, boolean streams) {

        boolean offers(MediaType type, Shape shape) {
            return shapes.test(type, shape);
        }

        /// Tables are for people: there are none in binary forms.
        private static boolean tables(MediaType type, Shape shape) {
            return shape != Shape.TABLE || type == MediaType.JSON || type == MediaType.YAML;
        }

        /// No shapes but the whole object.
        public static final Offer WHOLE_ONLY = new Offer((type, shape) -> shape == Shape.WHOLE, false);
        /// Any shape. One that does not suit (a list for an object, an object for a list) is found out when the answer is made.
        public static final Offer ANY = new Offer(Offer::tables, false);
        /// For lists and watches.
        public static final Offer STREAMED = new Offer(Offer::tables, true);
    }

    /// The bare `*`: it means the same as `*`/`*`, but does not name a type.
    private static final String ANYTHING = "";

    private record Clause(String type, String subtype, double quality, List<String> parameters) {
        @Nullable String parameter(String name) {
            for (String one : parameters) {
                int equal = one.indexOf('=');
                if (equal > 0 && one.substring(0, equal).strip().equals(name)) {
                    String value = one.substring(equal + 1).strip();
                    if (value.isEmpty()) {
                        return null;
                    }
                    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"") ? value.substring(1, value.length() - 1) : value;
                }
            }
            return null;
        }
    }

    public Accepted indented() {
        return new Accepted(type, true, shape, shapeVersion);
    }

    /// Agrees on a form; refuses with 406 when the client takes none of those offered, or names none of their types.
    public static Accepted negotiate(@Nullable String accept, List<MediaType> available, Offer offer) {
        return negotiate(accept, available, offer, true);
    }

    /// As above, but a range of types (`application/*`, `*`) will do: how the form of errors is agreed on.
    public static Accepted negotiable(@Nullable String accept, List<MediaType> available, Offer offer) {
        return negotiate(accept, available, offer, false);
    }

    private static Accepted negotiate(@Nullable String accept, List<MediaType> available, Offer offer, boolean byName) {
        if (accept == null || accept.isEmpty()) {
            return available.getFirst() == MediaType.JSON ? JSON : new Accepted(available.getFirst(), false, Shape.WHOLE, "v1");
        }
        if (accept.equals("application/json")) {
            return JSON;
        }
        List<Clause> clauses = clauses(accept);
        boolean known = !byName || clauses.stream().anyMatch(clause -> available.stream().anyMatch(type -> type.isNamedBy(clause.type, clause.subtype)));
        for (Clause clause : known ? clauses : List.<Clause>of()) {
            for (MediaType type : available) {
                Accepted accepted = type.accepts(clause.type, clause.subtype) ? accept(clause, type, offer) : null;
                if (accepted != null) {
                    return accepted;
                }
            }
        }
        List<String> offered = new ArrayList<>(available.stream().map(MediaType::text).toList());
        if (!known && offer.streams) {
            available.stream().filter(type -> type != MediaType.YAML).map(MediaType::streamText).forEach(offered::add);
        }
        throw known || !available.contains(MediaType.PROTOBUF) ? Refusal.notAcceptable(offered) : Refusal.noRepresentation(offered);
    }

    /// For what there is only as JSON: refuses with 406 whoever does not name it (or anything at all).
    public static void requireJson(@Nullable String accept) {
        if (accept == null || accept.isEmpty()) {
            return;
        }
        for (String clause : accept.split(",")) {
            String type = clause.split(";", 2)[0].strip();
            if (type.equals("*/*") || type.equals(MediaType.JSON.text())) {
                return;
            }
        }
        throw Refusal.noRepresentation(List.of(MediaType.JSON.text()));
    }

    /// Whether any of the types that a client takes is one of those available, in whatever form.
    public static boolean isKnown(@Nullable String accept, List<MediaType> available) {
        return accept == null || accept.isEmpty()
                || clauses(accept).stream().anyMatch(clause -> available.stream().anyMatch(type -> type.isNamedBy(clause.type, clause.subtype)));
    }

    private static @Nullable Accepted accept(Clause clause, MediaType type, Offer offer) {
        String stream = clause.parameter("stream");
        if (stream != null && !stream.isEmpty() && !stream.equals("watch")) {
            return null;
        }
        String serverVersion = clause.parameter("sv");
        if (serverVersion != null && !serverVersion.isEmpty()) {
            return null;
        }
        String as = clause.parameter("as");
        String group = clause.parameter("g");
        String version = clause.parameter("v");
        boolean pretty = "1".equals(clause.parameter("pretty"));
        if (as == null && group == null && version == null) {
            return offer.offers(type, Shape.WHOLE) ? new Accepted(type, pretty, Shape.WHOLE, "v1") : null;
        }
        boolean meta = "meta.k8s.io".equals(group) && ("v1".equals(version) || "v1beta1".equals(version));
        Shape shape = meta ? shape(as) : null;
        return shape != null && offer.offers(type, shape) ? new Accepted(type, pretty, shape, version == null ? "v1" : version) : null;
    }

    private static @Nullable Shape shape(@Nullable String as) {
        return switch (as) {
            case "Table" -> Shape.TABLE;
            case "PartialObjectMetadata" -> Shape.METADATA;
            case "PartialObjectMetadataList" -> Shape.METADATA_LIST;
            case null, default -> null;
        };
    }

    /// The header's clauses, the most wanted first, otherwise in their order.
    private static List<Clause> clauses(String accept) {
        List<Clause> clauses = new ArrayList<>(4);
        for (String text : accept.split(",")) {
            String[] parts = text.split(";", -1);
            String[] names = parts[0].strip().split("/", -1);
            List<String> parameters = List.of(parts).subList(1, parts.length);
            if (names.length == 2) {
                clauses.add(new Clause(names[0], names[1], 1, parameters));
            } else if (names.length == 1 && names[0].equals("*")) {
                clauses.add(new Clause("*", ANYTHING, 1, parameters));
            }
        }
        clauses.replaceAll(clause -> new Clause(clause.type, clause.subtype, quality(clause.parameter("q")), clause.parameters));
        clauses.sort((a, b) -> Double.compare(b.quality, a.quality));
        return clauses;
    }

    private static double quality(@Nullable String text) {
        if (text == null) {
            return 1;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
