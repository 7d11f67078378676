package io.j8s.network.dns;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// Asks the host's own name servers, in order, or those of a domain that has its own, and remembers what they said for as long as they allow (at most an hour, at most 4,096 answers).
///
/// May be called from any thread; blocks while it asks.
final class Forwarder implements Responder.Elsewhere {

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int REMEMBERED = 4096;
    private static final long LONGEST_SECONDS = 3600;
    private static final long NEGATIVE_SECONDS = 30;

    private final Timeline timeline;
    private final List<InetSocketAddress> servers;
    private final Map<Name, List<InetSocketAddress>> stubs;
    private final DnsMetrics metrics;
    /// Guarded by itself; held only to look or to put.
    private final Map<String, Remembered> remembered =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private record Remembered(Message answer, long sinceNanos, long untilNanos) {}

    /// @param stubs domains that have name servers of their own; of several that fit, the longest counts
    Forwarder(Timeline timeline, List<InetSocketAddress> servers, Map<Name, List<InetSocketAddress>> stubs, DnsMetrics metrics) {
        this.timeline = timeline;
        this.servers = List.copyOf(servers);
        this.stubs = Map.copyOf(stubs);
        this.metrics = metrics;
    }

    private List<InetSocketAddress> servers(Name name) {
        return stubs.entrySet().stream().filter(stub -> name.subdomain(stub.getKey())).max(Comparator.comparingInt(stub -> stub.getKey().labels())).map(Map.Entry::getValue).orElse(servers);
    }

    @Override
    public @Nullable Message ask(Message query) {
        Record question = query.getQuestion();
        if (question == null) {
            return null;
        }
        String key = question.getName().toString().toLowerCase(java.util.Locale.ROOT) + " " + question.getType() + " " + (query.getOPT() == null ? "" : "edns");
        Message known = recall(key);
        metrics.remembered(known != null);
        if (known != null) {
            return known;
        }
        for (InetSocketAddress server : servers(question.getName())) {
            Message answer = askOne(server, query);
            if (answer != null && answer.getRcode() != Rcode.SERVFAIL && answer.getRcode() != Rcode.REFUSED) {
                remember(key, answer);
                return answer;
            }
        }
        return null;
    }

    private static @Nullable Message askOne(InetSocketAddress server, Message query) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(TIMEOUT);
        try {
            return resolver.send(query);
        } catch (IOException e) {
            LOG.debug("name server {} did not answer for {}: {}", server, query.getQuestion(), e.getMessage());
            return null;
        }
    }

    private @Nullable Message recall(String key) {
        synchronized (remembered) {
            Remembered known = remembered.get(key);
            if (known == null) {
                return null;
            }
            if (known.untilNanos - timeline.nanoTime() <= 0) {
                remembered.remove(key);
                return null;
            }
            return aged(known.answer, Duration.ofNanos(timeline.nanoTime() - known.sinceNanos).toSeconds());
        }
    }

    /// With what is left of the records' lives.
    private static Message aged(Message answer, long seconds) {
        Message aged = new Message(answer.getHeader().getID());
        for (int flag : new int[] {Flags.QR, Flags.AA, Flags.RD, Flags.RA, Flags.AD}) {
            if (answer.getHeader().getFlag(flag)) {
                aged.getHeader().setFlag(flag);
            }
        }
        aged.getHeader().setRcode(answer.getHeader().getRcode());
        for (int section = Section.QUESTION; section <= Section.ADDITIONAL; section++) {
            for (Record record : answer.getSection(section)) {
                boolean plain = section == Section.QUESTION || record.getType() == Type.OPT;
                aged.addRecord(plain ? record : Record.newRecord(record.getName(), record.getType(), record.getDClass(), Math.max(0, record.getTTL() - seconds), record.rdataToWireCanonical()), section);
            }
        }
        return aged;
    }

    private void remember(String key, Message answer) {
        long seconds = LONGEST_SECONDS;
        List<Record> records = answer.getSection(Section.ANSWER);
        if (records.isEmpty()) {
            seconds = NEGATIVE_SECONDS;
        }
        for (Record record : records) {
            seconds = Math.min(seconds, record.getTTL());
        }
        for (Record record : answer.getSection(Section.AUTHORITY)) {
            if (record.getType() == Type.SOA) {
                seconds = Math.min(seconds, record.getTTL());
            }
        }
        if (seconds > 0) {
            synchronized (remembered) {
                long now = timeline.nanoTime();
                remembered.put(key, new Remembered(answer, now, now + Duration.ofSeconds(seconds).toNanos()));
            }
        }
    }
}
