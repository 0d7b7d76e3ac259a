using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Authentication.Aws;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.HttpConnector.Wire.Tls;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector.Testing;

/// <summary>
/// Per command and single-threaded: a request as a cURL command for a shell (POSIX). Secrets never stand in it: variables do, of which
/// comments say what they are to hold.
/// </summary>
internal sealed class CurlText
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    private readonly Connectors.HttpConnector _connector;
    private readonly List<string> _comments = [];
    private readonly List<string> _options = [];
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);

    private CurlText(Connectors.HttpConnector connector) => _connector = connector;

    private HttpConnectorSettings Settings => _connector.Settings;

    /// <summary>Writes the command.</summary>
    /// <returns>Null, or why there is no such request.</returns>
    public static async ValueTask<(string Command, HttpFault? Fault)> MakeAsync(
        Connectors.HttpConnector connector,
        PreparedRequest request,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        if (request.ToOutgoing(measure: false, out var outgoing) is { } fault)
            return ("", fault);
        var text = new CurlText(connector);
        if (!request.ReplacesAuthentication)
            await text.AuthenticateAsync(outgoing.Headers, cancellationToken).ConfigureAwait(false);
        text.Write(request, outgoing, timeout);
        return (text.ToString(), null);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Concat(_comments.Select(comment => $"# {comment}\n")) + "curl " + string.Join(" \\\n  ", _options) + "\n";

    private void Write(PreparedRequest request, OutgoingRequest outgoing, TimeSpan timeout)
    {
        var (uri, host) = AddressOf(outgoing.Uri);
        _options.Add(outgoing.Method == "HEAD" ? "--head" : $"-X {outgoing.Method}");
        _options[0] += " " + Quote(uri);
        if (host is not null)
            _options.Add($"--connect-to {Quote(host)}");
        WriteTls();
        if (Settings.FollowRedirects)
            _options.Add("--location --max-redirs 5");
        _options.Add($"--max-time {timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)}");
        WriteAws();
        WriteHeaders(request, outgoing);
        WriteBody(request, outgoing);
    }

    /// <summary>Another name in the handshake is one in the URL that leads to the same host.</summary>
    private (string Url, string? ConnectTo) AddressOf(Uri uri)
    {
        if (Settings.ServerName is not { } name)
            return (uri.OriginalString, null);
        var rest = uri.OriginalString[uri.GetLeftPart(UriPartial.Authority).Length..];
        var port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        return ($"{uri.Scheme}://{name}{port}{rest}", $"{name}:{uri.Port}:{uri.Host}:{uri.Port}");
    }

    private void WriteTls()
    {
        if (Settings.Insecure)
            _options.Add("--insecure");
        if (Settings.CaCertificates is { IsEmpty: false } authorities)
            _options.Add($"--cacert {FileOf(authorities, TlsProblem.CaCertificates)}");
        if (Settings.ClientCertificate is not { IsEmpty: false } certificate)
            return;
        _options.Add($"--cert {FileOf(certificate, TlsProblem.ClientCertificate)}");
        if (Settings.ClientKey is { IsEmpty: false } key)
            _options.Add($"--key {FileOf(key, TlsProblem.ClientKey)}");
        if (Settings.ClientKeyPassphrase is { IsEmpty: false } passphrase)
            _options.Add($"--pass \"${{{VariableOf(passphrase, TlsProblem.ClientKeyPassphrase)}}}\"");
    }

    /// <summary>curl takes certificates from files.</summary>
    private string FileOf(Secret secret, string setting)
    {
        if (secret.Reference.StartsWith("file:", StringComparison.Ordinal))
            return Quote(secret.Reference["file:".Length..]);
        var name = NameOf(setting) + "_FILE";
        Say($"{name}: a file that holds {Told(secret, setting)}");
        return $"\"${{{name}}}\"";
    }

    private void WriteAws()
    {
        if (_connector.Aws is not { } aws)
            return;
        _options.Add($"--aws-sigv4 {Quote($"aws:amz:{aws.Region}:{aws.Service}")}");
        if (aws.Type == AwsSettings.AssumeRole)
        {
            Say($"ROLE_KEY_ID, ROLE_SECRET and ROLE_TOKEN: what aws sts assume-role gives for {aws.RoleArn}");
            _options.Add("--user \"${ROLE_KEY_ID}:${ROLE_SECRET}\"");
            _options.Add("-H \"x-amz-security-token: ${ROLE_TOKEN}\"");
            return;
        }
        _options.Add($"--user \"{InDoubleQuotes(aws.AccessKeyId)}:${{{VariableOf(aws.SecretAccessKey, "secretAccessKey")}}}\"");
        if (aws.SessionToken is { IsEmpty: false } token)
            _options.Add($"-H \"x-amz-security-token: ${{{VariableOf(token, "sessionToken")}}}\"");
    }

    private void WriteHeaders(PreparedRequest request, OutgoingRequest outgoing)
    {
        foreach (var name in request.SecretHeaders)
        {
            var header = _connector.Headers.Last(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
            outgoing.Headers.SetCredential(name, Mark(VariableOf(header.Hidden!, name)));
        }
        if (_connector.MessageSigning is { } messages && messages.Covers(MessageSigner.DigestHeader) && !request.Plan.IsMultipart)
            outgoing.Headers.SetGenerated(MessageSigner.DigestHeader, MessageSigner.DigestOf(outgoing.Body ?? default));
        foreach (var (name, value) in outgoing.Headers)
        {
            // curl writes the boundary itself.
            if (request.Plan.IsMultipart && name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
                continue;
            if (TryReadBasic(value, out var user, out var password))
                _options.Add($"--user \"{InDoubleQuotes(user)}:{WithVariables(InDoubleQuotes(password))}\"");
            else if (_marks.Keys.Any(mark => value.Contains(mark, StringComparison.Ordinal)))
                _options.Add($"-H \"{name}: {WithVariables(InDoubleQuotes(value))}\"");
            else if (outgoing.Headers.IsCredential(name) || CredentialHeaders.Contains(name))
                _options.Add($"-H \"{name}: ${{{Told(name)}}}\"");
            else
                // A header without a value ends in a semicolon there.
                _options.Add($"-H {Quote(value.Length == 0 ? $"{name};" : $"{name}: {value}")}");
        }
        if (_connector.SignsRequests)
        {
            Say($"HMAC_SIGNATURE: the connector signs each request (hmacSecret), cURL does not; docs/hmac.md says what is signed");
            _options.Add($"-H \"{HmacSignature.SignatureHeader}: ${{HMAC_SIGNATURE}}\"");
        }
        if (_connector.SignsMessages)
        {
            Say(
                "SIGNATURE_INPUT, SIGNATURE: the connector signs each request (messageSignature), cURL does not; see docs/message-signatures.md"
            );
            _options.Add($"-H \"{MessageSigner.InputHeader}: ${{SIGNATURE_INPUT}}\"");
            _options.Add($"-H \"{MessageSigner.SignatureHeader}: ${{SIGNATURE}}\"");
        }
    }

    private string Told(string header)
    {
        var name = NameOf(header);
        Say($"{name}: the value of the header {header}");
        return name;
    }

    private void WriteBody(PreparedRequest request, OutgoingRequest outgoing)
    {
        if (request.Plan.IsMultipart)
        {
            if (request.Body.TryGetArray(out var parts))
            {
                foreach (var part in parts)
                    WritePart(part);
            }
        }
        else if (outgoing.Body is { } body)
        {
            if (Utf8.IsValid(body.Span) && !body.Span.Contains((byte)0))
                _options.Add($"--data-raw {Quote(Encoding.UTF8.GetString(body.Span))}");
            else
            {
                Say($"body.bin: the {body.Length} bytes of the body");
                _options.Add("--data-binary @body.bin");
            }
        }
    }

    private void WritePart(FlowValue part)
    {
        var name = part.Get("name").ToText();
        var type = part.Get("contentType").TryGetText(out var given) ? $";type={given}" : "";
        if (part.Get("value") is { IsMissing: false } value)
        {
            _options.Add(
                type.Length == 0
                    ? $"--form-string {Quote($"{name}={value.ToText()}")}"
                    : $"-F {Quote($"{name}={InFormQuotes(value.ToText())}{type}")}"
            );
            return;
        }
        if (part.Get("file").IsNothing)
            return;
        var filename = part.Get("filename").ToText();
        var path = filename.Length > 0 ? filename : $"{name}.bin";
        Say($"{path}: the file of the part '{name}'");
        _options.Add($"-F {Quote($"{name}=@{InFormQuotes(path)};filename={InFormQuotes(filename)}{type}")}");
    }

    /// <summary>Puts the connector's credentials into the headers, with marks in place of secrets; of what takes a token, a mark for that.</summary>
    private async ValueTask AuthenticateAsync(RequestHeaders headers, CancellationToken cancellationToken)
    {
        var made = Settings.Authentication.Chosen.Create(
            new AuthenticationContext(
                secret => secret is null ? "" : Mark(VariableOf(secret, "secret")),
                _connector.Transport,
                _connector.Options.Time,
                TokenSharing.None
            )
        );
        if (made.TokenUri is not { } tokenUri)
        {
            await made.ApplyAsync(headers, cancellationToken).ConfigureAwait(false);
            return;
        }
        _comments.Clear();
        Say($"ACCESS_TOKEN: what {tokenUri.OriginalString} gives");
        headers.SetCredential(_connector.AuthenticationHeader ?? "authorization", $"Bearer {Mark("ACCESS_TOKEN")}");
    }

    private string Mark(string variable)
    {
        var mark = $"\uE000{variable}\uE001";
        _marks[mark] = $"${{{variable}}}";
        return mark;
    }

    private string WithVariables(string text) =>
        _marks.Aggregate(text, (known, mark) => known.Replace(mark.Key, mark.Value, StringComparison.Ordinal));

    /// <summary>What Basic encodes, where a mark is in it.</summary>
    private bool TryReadBasic(string value, out string user, out string password)
    {
        (user, password) = ("", "");
        if (!value.StartsWith("Basic ", StringComparison.Ordinal))
            return false;
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value["Basic ".Length..], bytes, out var length))
            return false;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !_marks.Keys.Any(mark => text.Contains(mark, StringComparison.Ordinal)))
            return false;
        (user, password) = (text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>The variable of a secret: that of the environment which it is read from, or one named like its setting.</summary>
    private string VariableOf(Secret secret, string setting)
    {
        if (secret.Reference.StartsWith("env:", StringComparison.Ordinal))
            return secret.Reference["env:".Length..] is var variable && variable.AsSpan().ContainsAnyExcept(NameCharacters)
                ? NameOf(variable)
                : variable;
        var found = SettingOf(secret, FlowValue.From(_connector.Definition.Configuration)) ?? setting;
        var name = NameOf(found);
        Say($"{name}: {Told(secret, found)}");
        return name;
    }

    /// <summary>The setting that holds a secret.</summary>
    private static string? SettingOf(Secret secret, FlowValue configuration)
    {
        if (!configuration.TryGetObject(out var members))
            return null;
        foreach (var (name, member) in members)
        {
            if (member.TryGetText(out var text) && text.Length > 0 && IsOf(secret, text))
                return name;
            if (SettingOf(secret, member) is { } found)
                return found;
        }
        return null;
    }

    private static bool IsOf(Secret secret, string text) =>
        secret.IsLiteral ? secret.TryReveal(out var value, out _) && value == text : secret.Reference == text;

    private static string Told(Secret secret, string setting) =>
        secret.IsLiteral ? $"the connector's {setting}" : $"what {secret.Reference} holds";

    private void Say(string comment)
    {
        if (!_comments.Contains(comment))
            _comments.Add(comment);
    }

    /// <summary>bearerToken and x-api-key as BEARER_TOKEN and X_API_KEY.</summary>
    private static string NameOf(string setting)
    {
        var (name, before) = (new StringBuilder(setting.Length + 4), '\0');
        foreach (var character in setting)
        {
            if (char.IsAsciiLetterUpper(character) && char.IsAsciiLetterLower(before))
                name.Append('_');
            name.Append(char.IsAsciiLetterOrDigit(character) ? char.ToUpperInvariant(character) : '_');
            before = character;
        }
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"_{name}" : name.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string InDoubleQuotes(string text) => WithBackslashes(text, "\\\"$`");

    /// <summary>As -F reads quoted texts.</summary>
    private static string InFormQuotes(string text) => $"\"{WithBackslashes(text, "\\\"")}\"";

    private static string WithBackslashes(string text, string before)
    {
        var quoted = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (before.Contains(character, StringComparison.Ordinal))
                quoted.Append('\\');
            quoted.Append(character);
        }
        return quoted.ToString();
    }
}
