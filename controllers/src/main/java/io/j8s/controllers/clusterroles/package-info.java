/// Fills cluster roles that are made of others: those with an aggregation rule get the rules of all roles that it selects.
@NullMarked
package io.j8s.controllers.clusterroles;

import org.jspecify.annotations.NullMarked;
