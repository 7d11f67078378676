/// The API over HTTPS: [HttpsClient] speaks to any Kubernetes API server, ours or upstream's, as JSON or protobuf, with the credentials that a kubeconfig or a pod gives.
@NullMarked
package io.j8s.client.https;

import org.jspecify.annotations.NullMarked;
