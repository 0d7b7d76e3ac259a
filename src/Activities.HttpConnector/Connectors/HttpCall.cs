using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Per request and single-threaded: what <see cref="HttpExchange"/> sends: a request that a run has just prepared, or one that
/// was stored.</summary>
internal abstract class HttpCall
{
    /// <summary>What signs it, beside the connector's secret; null for the body alone.</summary>
    public abstract SignatureTemplate? SignatureTemplate { get; }

    /// <summary>Whether its own <c>authorization</c> stands in place of the connector's credentials.</summary>
    public abstract bool ReplacesAuthentication { get; }

    /// <summary>The names of the connector's headers, which never go to another origin.</summary>
    public abstract IReadOnlySet<string> ConnectorHeaders { get; }

    /// <summary>The names of the connector's headers whose values are secrets: they are set when it is sent, and stand in no trace and no
    /// store.</summary>
    public abstract IReadOnlyCollection<string> SecretHeaders { get; }

    /// <summary>Told each time before it is sent, in a retry and after a redirect too: complete, with credentials and signatures.</summary>
    public virtual void Sending(OutgoingRequest request) { }

    /// <summary>Makes what the transport sends, but for authentication and signature.</summary>
    public abstract HttpFault? ToOutgoing(bool measure, out OutgoingRequest outgoing);
}
