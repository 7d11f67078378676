package io.j8s.model.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.Unstructured;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PatchesTest {

    private static final ConfigMap C = (ConfigMap) Json.read(ConfigMap.TYPE, json("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c','labels':{'l':'1','m':'2'},"
            + "'annotations':{'x/y':'z','q~r':'s'},'finalizers':['x/1','x/2','x/3']},'data':{'a':'1','b':'2'}}"));

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static byte[] bytes(String text) {
        return json(text).getBytes(StandardCharsets.UTF_8);
    }

    private static ConfigMap patched(String operations) {
        return (ConfigMap) Patches.json(C, bytes(operations), text -> {});
    }

    private static ConfigMap merged(String patch) {
        return (ConfigMap) Patches.merge(C, bytes(patch), text -> {});
    }

    private static void fails(PatchException.Kind kind, String operations) {
        assertThatThrownBy(() -> patched(operations)).as(operations).isInstanceOfSatisfying(PatchException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static void mergeFails(PatchException.Kind kind, String patch) {
        assertThatThrownBy(() -> merged(patch)).as(patch).isInstanceOfSatisfying(PatchException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static String operation(String op, String path, String value) {
        return "[{'op':'" + op + "','path':'" + path + "'" + (value.isEmpty() ? "" : ",'value':" + value) + "}]";
    }

    @Test
    void membersAreAddedReplacedAndRemoved() {
        assertThat(patched(operation("add", "/data/c", "'3'")).data()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "3"));
        assertThat(patched(operation("add", "/data/a", "'over'")).data()).containsEntry("a", "over");
        assertThat(patched(operation("add", "/metadata/labels", "{'only':'one'}")).metadata().labels()).isEqualTo(Map.of("only", "one"));
        assertThat(patched(operation("add", "/data", "{}")).hasData()).isFalse();
        assertThat(patched(operation("remove", "/data/a", "")).data()).isEqualTo(Map.of("b", "2"));
        assertThat(patched(operation("replace", "/data/none", "'9'")).data()).containsEntry("none", "9");
        assertThat(patched(operation("replace", "", "{'apiVersion':'v1','metadata':{'name':'c'},'data':{'whole':'new'}}")).data()).isEqualTo(Map.of("whole", "new"));
        assertThat(patched(operation("remove", "/kind", ""))).isEqualTo(C);
        fails(PatchException.Kind.NO_VERSION, operation("remove", "/apiVersion", ""));
        fails(PatchException.Kind.NOT_APPLICABLE, "[null]");
        assertThat(patched(operation("replace", "/data/a", "null")).data()).containsEntry("a", "");
        assertThat(patched("[{'op':'add','path':'/data/k'}]").data()).containsEntry("k", "");
        assertThat(patched(operation("add", "/data/-", "'v'")).data()).containsEntry("-", "v");
        assertThat(patched("null")).isSameAs(C);
    }

    @Test
    void operationsThatDoNotFitAreRefused() {
        for (String operations : List.of(
                operation("add", "/metadata/none/x", "'1'"), operation("add", "/data/x/y", "'1'"), operation("add", "/binaryData/x", "'YQ=='"),
                operation("remove", "/data/none", ""), operation("remove", "/metadata/annotations/x/y", ""), operation("bogus", "/data/a", "'1'"),
                "[{'path':'/data/k','value':'v'}]", "[{'op':'add','value':'v'}]", "[{'Op':'add','Path':'/data/case','Value':'v'}]", "[{'op':'move','path':'/data'}]",
                "[{'op':'move','path':'/data/z','from':'/data/none'}]", operation("add", "", "{}"), operation("replace", "", "1"),
                "[{'op':'add','path':'/data/c','value':'3'},{'op':'remove','path':'/data/none'}]")) {
            fails(PatchException.Kind.NOT_APPLICABLE, operations);
        }
        for (String text : List.of("{'op':'add'}", "nonsense", "[1]", "")) {
            fails(PatchException.Kind.MALFORMED, text);
        }
        fails(PatchException.Kind.INVALID_RESULT, operation("add", "/data/n", "5"));
        fails(PatchException.Kind.INVALID_RESULT, operation("replace", "/kind", "'Secret'"));
    }

    @Test
    void moreThanTenThousandOperationsAreTooMany() {
        String one = "{'op':'add','path':'/data/a','value':'x'}";
        assertThat(patched("[" + String.join(",", java.util.Collections.nCopies(10_000, one)) + "]").data()).containsEntry("a", "x");
        fails(PatchException.Kind.TOO_LARGE, "[" + String.join(",", java.util.Collections.nCopies(10_001, one)) + "]");
    }

    @Test
    void testsCompareValues() {
        assertThat(patched("[{'op':'test','path':'/data/a','value':'1'},{'op':'replace','path':'/data/a','value':'2'}]").data()).containsEntry("a", "2");
        assertThat(patched(operation("test", "/data/none", "null"))).isEqualTo(C);
        assertThat(patched(operation("test", "/metadata/labels", "{'m':'2','l':'1'}"))).isEqualTo(C);
        fails(PatchException.Kind.TEST_FAILED, operation("test", "/data/a", "'2'"));
        fails(PatchException.Kind.TEST_FAILED, operation("test", "/data/none", "'x'"));
        fails(PatchException.Kind.TEST_FAILED, operation("test", "/metadata/labels/l", "1"));
    }

    @Test
    void membersMoveAndAreCopied() {
        assertThat(patched("[{'op':'move','path':'/data/z','from':'/data/a'}]").data()).isEqualTo(Map.of("b", "2", "z", "1"));
        assertThat(patched("[{'op':'move','path':'/data/b','from':'/data/b'}]")).isEqualTo(C);
        assertThat(patched("[{'op':'copy','path':'/data/z','from':'/data/a'}]").data()).isEqualTo(Map.of("a", "1", "b", "2", "z", "1"));
        String doubling = "{'op':'copy','path':'/data/a','from':'/data/a'}";
        String start = "{'op':'add','path':'/data/a','value':'" + "x".repeat(1_000_000) + "'}";
        fails(PatchException.Kind.NOT_APPLICABLE, "[" + start + "," + String.join(",", java.util.Collections.nCopies(4, doubling)) + "]");
    }

    @Test
    void pointersAreUnescaped() {
        assertThat(patched(operation("remove", "/metadata/annotations/x~1y", "")).metadata().annotations()).isEqualTo(Map.of("q~r", "s"));
        assertThat(patched(operation("replace", "/metadata/annotations/q~0r", "'t'")).metadata().annotations()).containsEntry("q~r", "t");
        assertThat(patched(operation("add", "/metadata/annotations/a~1b~0c", "'d'")).metadata().annotations()).containsEntry("a/b~c", "d");
    }

    @Test
    void listsAreIndexed() {
        assertThat(finalizers(operation("add", "/metadata/finalizers/1", "'in'"))).containsExactly("x/1", "in", "x/2", "x/3");
        assertThat(finalizers(operation("add", "/metadata/finalizers/-", "'end'"))).containsExactly("x/1", "x/2", "x/3", "end");
        assertThat(finalizers(operation("add", "/metadata/finalizers/3", "'end'"))).containsExactly("x/1", "x/2", "x/3", "end");
        assertThat(finalizers(operation("remove", "/metadata/finalizers/0", ""))).containsExactly("x/2", "x/3");
        assertThat(finalizers(operation("remove", "/metadata/finalizers/00", ""))).containsExactly("x/2", "x/3");
        assertThat(finalizers(operation("remove", "/metadata/finalizers/-1", ""))).containsExactly("x/1", "x/2");
        assertThat(finalizers(operation("replace", "/metadata/finalizers/1", "'re'"))).containsExactly("x/1", "re", "x/3");
        assertThat(finalizers("[{'op':'move','path':'/metadata/finalizers/0','from':'/metadata/finalizers/1'}]")).containsExactly("x/2", "x/1", "x/3");
        for (String path : List.of("9", "4", "abc")) {
            fails(PatchException.Kind.NOT_APPLICABLE, operation("add", "/metadata/finalizers/" + path, "'x'"));
        }
        fails(PatchException.Kind.NOT_APPLICABLE, operation("remove", "/metadata/finalizers/9", ""));
        fails(PatchException.Kind.NOT_APPLICABLE, operation("remove", "/metadata/finalizers/-", ""));
    }

    private static List<String> finalizers(String operations) {
        return patched(operations).metadata().finalizers();
    }

    @Test
    void mergePatchesMergeObjectsAndReplaceTheRest() {
        assertThat(merged("{'data':{'a':null,'c':'3'},'metadata':{'finalizers':['only']}}").data()).isEqualTo(Map.of("b", "2", "c", "3"));
        assertThat(merged("{'metadata':{'finalizers':null,'labels':null}}").metadata().hasFinalizers()).isFalse();
        assertThat(merged("{'binaryData':{'x':'YQ==','y':null}}").binaryData()).hasSize(1);
        assertThat(merged("{}")).isSameAs(C);
        assertThat(merged("{'data':{'a':'1'}}")).isSameAs(C);
        assertThat(merged("{'data':{'a':'9'}}").metadata()).isSameAs(C.metadata());
    }

    @Test
    void mergePatchesOfTheWrongShapeAreRefused() {
        for (String patch : List.of("{'data':'text'}", "{'data':['a']}", "{'data':{'a':1}}", "{'data':{'a':{'b':'c'}}}", "{'metadata':'x'}", "{'kind':'Secret'}", "{'apiVersion':'v2'}")) {
            mergeFails(PatchException.Kind.INVALID_RESULT, patch);
        }
        for (String patch : List.of("[]", "null", "1", "nonsense", "")) {
            mergeFails(PatchException.Kind.MALFORMED, patch);
        }
    }

    @Test
    void unknownAndRepeatedFieldsAreMentioned() {
        List<String> findings = new ArrayList<>();
        Patches.merge(C, bytes("{'bogus':1,'gone':null,'metadata':{'bogus':{'a':1}},'data':{'a':'1','a':'2'}}"), findings::add);
        assertThat(findings).containsExactly("duplicate field \"data.a\"", "unknown field \"bogus\"", "unknown field \"metadata.bogus\"");
        findings.clear();
        Patches.json(C, bytes("[{'op':'add','path':'/bogus','value':1,'extra':1}]"), findings::add);
        assertThat(findings).containsExactly("json patch unknown field \"[0].extra\"", "unknown field \"bogus\"");
        findings.clear();
        Patches.strategic(Pod.EMPTY, bytes("{'spec':{'bogus':1,'containers':[{'name':'a','bogus':2}]}}"), findings::add);
        assertThat(findings).containsExactly("unknown field \"spec.bogus\"", "unknown field \"spec.containers[0].bogus\"");
    }

    @Test
    void anEmptyListOfManagedFieldsIsNotLost() {
        assertThat(merged("{'metadata':{'managedFields':[]}}").metadata().managedFields()).containsExactly(ManagedFieldsEntry.EMPTY);
        assertThat(merged("{'metadata':{'managedFields':null}}").metadata().managedFields()).isEmpty();
        assertThat(((ConfigMap) Json.read(ConfigMap.TYPE, json("{'metadata':{'managedFields':[]}}"))).metadata().managedFields()).containsExactly(ManagedFieldsEntry.EMPTY);
    }

    @Test
    void objectsWithoutASchemaMerge() {
        Struct w = Json.read(Unstructured.TYPE, json("{'apiVersion':'a/v1','kind':'W','metadata':{'name':'w'},'spec':{'list':[1,2],'m':{'a':1}}}"));
        Struct merged = Patches.merge(w, bytes("{'spec':{'m':{'a':null,'b':2},'list':[3],'new':{'x':null,'y':[{'z':null}]}}}"), text -> {});
        assertThat(new String(Json.writePlain(merged.unknown()), StandardCharsets.UTF_8)).isEqualTo(json("{'spec':{'list':[3],'m':{'b':2},'new':{'y':[{}]}}}"));
        Struct patched = Patches.json(merged, bytes("[{'op':'add','path':'/spec/list/-','value':4},{'op':'remove','path':'/spec/m'}]"), text -> {});
        assertThat(new String(Json.writePlain(patched.unknown()), StandardCharsets.UTF_8)).isEqualTo(json("{'spec':{'list':[3,4],'new':{'y':[{}]}}}"));
        assertThatThrownBy(() -> Patches.json(patched, bytes("[{'op':'test','path':'/spec/list/0','value':3},{'op':'test','path':'/spec/list/1','value':'4'}]"), text -> {}))
                .isInstanceOf(PatchException.class);
    }

    @Test
    void whatAPatchDoesNotTouchIsShared() {
        Pod pod = (Pod) Json.read(Pod.TYPE, json("{'metadata':{'name':'p'},'spec':{'containers':[{'name':'a'},{'name':'b'}]},'status':{'phase':'Pending'}}"));
        Pod after = (Pod) Patches.json(pod, bytes(operation("replace", "/spec/containers/1/image", "'i'")), text -> {});
        assertThat(after.metadata()).isSameAs(pod.metadata());
        assertThat(after.spec().containers().getFirst()).isSameAs(pod.spec().containers().getFirst());
        assertThat(after.spec().containers().getLast().image()).isEqualTo("i");
    }
}
