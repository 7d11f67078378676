package io.j8s.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admission;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Flowcontrol;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Node;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Resource;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V2Apidiscovery;
import io.kubernetes.client.proto.V2Autoscaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds the facts against another source: the protobuf descriptors that the Kubernetes client for Java carries.
class FactsTest {

    private static final List<FileDescriptor> FILES = List.of(
            Meta.getDescriptor(), V1.getDescriptor(), V1Admission.getDescriptor(), V1Admissionregistration.getDescriptor(), V1Apiextensions.getDescriptor(),
            V1Apps.getDescriptor(), V1Authentication.getDescriptor(), V1Authorization.getDescriptor(), V1Autoscaling.getDescriptor(),
            V1Batch.getDescriptor(), V1Certificates.getDescriptor(), V1Coordination.getDescriptor(), V1Discovery.getDescriptor(),
            V1Events.getDescriptor(), V1Flowcontrol.getDescriptor(), V1Networking.getDescriptor(), V1Node.getDescriptor(), V1Policy.getDescriptor(),
            V1Rbac.getDescriptor(), V1Resource.getDescriptor(), V1Scheduling.getDescriptor(), V1Storage.getDescriptor(), V2Apidiscovery.getDescriptor(),
            V2Autoscaling.getDescriptor());

    /// The outermost number of each field: embedded ones share that of the message around them.
    private static Set<Integer> numbers(TypeFacts type) {
        return type.fields().stream().map(field -> Integer.valueOf(field.numbers().split("/")[0])).filter(number -> number > 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String typeName(Descriptor message) {
        String name = message.getFullName().replace("apiextensions_apiserver", "apiextensions-apiserver");
        return "io.k8s." + name.substring("k8s.io.".length());
    }

    @Test
    void everyFieldOfTheDescriptorsIsKnownWithItsNumber() throws IOException {
        Map<String, TypeFacts> types = Facts.read(Path.of("src/main/facts")).stream().collect(Collectors.toMap(TypeFacts::name, Function.identity()));
        Map<String, String> differences = new TreeMap<>();
        int compared = 0;
        for (FileDescriptor file : FILES) {
            for (Descriptor message : file.getMessageTypes()) {
                TypeFacts type = types.get(typeName(message));
                if (type != null) {
                    compared++;
                    Set<Integer> described = message.getFields().stream().map(FieldDescriptor::getNumber).collect(Collectors.toCollection(TreeSet::new));
                    if (!described.equals(numbers(type))) {
                        differences.put(type.name(), "descriptor " + described + ", facts " + numbers(type));
                    }
                }
            }
        }
        // The client's descriptors are ahead of v1.36 by this one field, which v1.36 neither reads nor writes.
        assertThat(differences.keySet()).containsExactly("io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition");
        assertThat(compared).isGreaterThan(500);
    }
}
