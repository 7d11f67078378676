/// Rolls Deployments out: a ReplicaSet for each pod template, scaled against each other so that enough pods serve all the time.
@NullMarked
package io.j8s.controllers.deployment;

import org.jspecify.annotations.NullMarked;
