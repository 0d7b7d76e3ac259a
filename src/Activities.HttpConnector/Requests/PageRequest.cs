using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Per request and single-threaded: the request for one page: that of the first with another URL.</summary>
/// <param name="first">The request for the first page.</param>
/// <param name="url">Where this page is.</param>
/// <param name="maxBytes">How many bytes its body may have.</param>
internal sealed class PageRequest(PreparedRequest first, string url, int maxBytes) : HttpCall
{
    private Uri? _sentTo;

    /// <summary>Where the page was asked for in the end, after redirects.</summary>
    public string Url => _sentTo?.OriginalString ?? url;

    /// <inheritdoc/>
    public override SignatureTemplate? SignatureTemplate => first.SignatureTemplate;

    /// <inheritdoc/>
    public override bool ReplacesAuthentication => first.ReplacesAuthentication;

    /// <inheritdoc/>
    public override IReadOnlySet<string> ConnectorHeaders => first.ConnectorHeaders;

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> SecretHeaders => first.SecretHeaders;

    /// <inheritdoc/>
    public override void Sending(OutgoingRequest request)
    {
        _sentTo = request.Uri;
        if (url == first.Url)
            first.Sending(request);
    }

    /// <inheritdoc/>
    public override HttpFault? ToOutgoing(bool measure, out OutgoingRequest outgoing)
    {
        var fault = first.Plan.ToOutgoing(first, url, measure, out outgoing);
        if (fault is null)
            outgoing.MaxAnswerBytes = maxBytes;
        return fault;
    }
}
