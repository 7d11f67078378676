/// kube-proxy: turns Services and their EndpointSlices into nftables rules whose cost per packet does not grow with the number of services.
///
/// [ServiceRules] is the pure core (what the rules should be), [RulesetDiff] says how to get there from what is loaded, [NftablesProxy] drives both.
@NullMarked
package io.j8s.network.proxy;

import org.jspecify.annotations.NullMarked;
