using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication.Aws;

/// <summary>
/// Per connector, thread-safe: takes a role at the Security Token Service (AssumeRole, version 2011-06-15) through the connector's own
/// transport, guarded like every call. Its credentials are renewed before they end, once for all who wait.
/// </summary>
internal sealed class AwsRole
{
    private const string Version = "2011-06-15";

    /// <summary>A call that begins now must not outlive them: it takes a minute at most.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly AwsSettings _settings;
    private readonly HttpTransport _transport;
    private readonly TimeProvider _time;
    private readonly AwsSigner _signer;
    private readonly TokenCache _sessions;
    private readonly Uri _uri;
    private readonly byte[] _form;

    /// <summary>Makes it; nothing is asked yet.</summary>
    /// <param name="settings">The role.</param>
    /// <param name="key">The key that may take it.</param>
    /// <param name="transport">The connector's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="name">What the session is called in the logs of AWS.</param>
    public AwsRole(AwsSettings settings, AwsKey key, HttpTransport transport, TimeProvider time, string name)
    {
        (_settings, _transport, _time) = (settings, transport, time);
        if (!RequestUri.TryParse(UrlOf(settings), out var uri, out _))
            throw new InvalidOperationException("The settings have problems.");
        _uri = uri;
        _form = System.Text.Encoding.ASCII.GetBytes(
            $"Action=AssumeRole&Version={Version}&RoleArn={Uri.EscapeDataString(settings.RoleArn!)}"
                + $"&RoleSessionName={Uri.EscapeDataString(name)}"
                + (settings.ExternalId is { Length: > 0 } external ? $"&ExternalId={Uri.EscapeDataString(external)}" : "")
        );
        _signer = new AwsSigner(settings.Region, "sts", time, _ => new((key, (HttpFault?)null)));
        _sessions = new TokenCache((_, cancellationToken) => FetchAsync(cancellationToken), time);
    }

    /// <summary>The secrets of the sessions of late.</summary>
    public IEnumerable<string> SecretValues => _sessions.RecentTokens.SelectMany(session => session.Split('\n').Skip(1));

    public static string UrlOf(AwsSettings settings) => settings.StsUrl ?? $"https://sts.{settings.Region}.amazonaws.com/";

    public async ValueTask<(AwsKey? Key, HttpFault? Fault)> GetAsync(CancellationToken cancellationToken)
    {
        var result = await _sessions.GetAsync(cancellationToken).ConfigureAwait(false);
        if (result.Token is not { } session)
            return (null, result.Fault);
        var parts = session.Value.Split('\n');
        return (new AwsKey(parts[0], parts[1], parts[2]), null);
    }

    /// <summary>Forgets a session that AWS does not take any more.</summary>
    public void Forget(string token)
    {
        foreach (var session in _sessions.RecentTokens.Where(session => session.EndsWith("\n" + token, StringComparison.Ordinal)))
            _sessions.Invalidate(session);
    }

    private async Task<TokenResult> FetchAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var request = new OutgoingRequest("POST", _uri) { Body = _form, Timeout = Timeout };
            request.Headers.Set("content-type", "application/x-www-form-urlencoded");
            request.Headers.Set("accept", "application/xml");
            if (await _signer.SignAsync(request, cancellationToken).ConfigureAwait(false) is { } unsigned)
                return Failed(unsigned.Message);
            var result = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!result.TryGetReply(out var reply, out var fault))
                return Failed($"{fault.Message} ({fault.Code})");
            if (attempt == 1 && _signer.LearnTime(reply))
                continue;
            return Read(reply);
        }
    }

    private TokenResult Read(HttpReply reply)
    {
        XElement answer;
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(reply.ReadText()),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
            );
            answer = XElement.Load(reader);
        }
        catch (XmlException)
        {
            return Failed($"It answered {reply.StatusCode}, and not in XML.");
        }
        if (reply.StatusCode != 200)
            // The code alone ("AccessDenied"): its message names accounts and policies.
            return Failed($"It answered {reply.StatusCode} {new string([.. Text("Code").Where(char.IsAsciiLetterOrDigit).Take(60)])}.");
        if (
            Text("AccessKeyId") is not { Length: > 0 } id
            || Text("SecretAccessKey") is not { Length: > 0 } secret
            || Text("SessionToken") is not { Length: > 0 } token
            || !DateTimeOffset.TryParse(Text("Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var ends)
        )
            return Failed("Its answer has no credentials.");
        var left = ends - _time.GetUtcNow() - Margin;
        return new TokenResult(AccessToken.Of($"{id}\n{secret}\n{token}", left > TimeSpan.Zero ? left : TimeSpan.Zero));

        string Text(string name) => answer.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
    }

    private TokenResult Failed(string why) => new($"The Security Token Service at '{_uri.Host}' gave no credentials for the role. {why}");
}
