using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Json;
using FlowEngine.Tracing;

namespace FlowEngine.HttpConnector.Testing;

/// <summary>
/// Stateless: a request that somebody received, held against the keys of the connector that should have sent it: which key verifies it, and
/// where it is not what was sent. What was sent is found by undoing what proxies, frameworks and the clipboard do to requests, until a
/// signature verifies: nothing is guessed that no key confirms.
/// </summary>
internal static partial class ReceivedCheck
{
    private static readonly TimeSpan OldTimestamp = TimeSpan.FromMinutes(5);

    /// <summary><c>{ ok, received: { hmac, messageSignature } }</c>, or what is wrong with the text.</summary>
    /// <param name="connector">The connector.</param>
    /// <param name="text">The request, as it was received.</param>
    /// <param name="problems">Where problems go.</param>
    public static FlowValue Run(Connectors.HttpConnector connector, string text, DiagnosticBag problems)
    {
        var at = SourceLocation.Root("request").At("received");
        if (!connector.SignsRequests && !connector.SignsMessages)
            problems.Error(
                HttpErrors.Received,
                at,
                $"The connector '{connector.Id}' signs nothing.",
                "Give it \"hmacSecret\" or \"messageSignature\"."
            );
        if (!ReceivedRequest.TryRead(text, out var received, out var unread))
            problems.Error(HttpErrors.Received, at, "The request cannot be read.", unread);
        if (problems.HasErrors)
            return default;
        var view = new FlowObjectBuilder(2);
        if (!connector.TryGetCredentials(out var credentials, out var fault))
        {
            view.Set("ok", FlowValue.False);
            view.Set("error", new FlowError(fault!.Code, fault.Message).ToValue());
            return FlowValue.From(view.Build());
        }

        var guesses = Guesses(received!, connector.BaseUrl!, at, problems);
        if (guesses.Count == 0)
            return default;
        var now = connector.Options.Time.GetUtcNow();
        var redactor = new Redactor(connector.SecretValues);
        var found = new FlowObjectBuilder(2);
        var isGood = true;
        if (connector.SignsRequests)
        {
            var hmac = CheckHmac(received!, guesses, credentials.HmacSecrets, TemplateOf(received!, connector), now);
            isGood &= hmac.Verifies;
            found.Set("hmac", hmac.ToValue(redactor));
        }
        if (credentials.Messages is { } signer)
        {
            var message = CheckMessage(received!, guesses, signer, now);
            isGood &= message.Verifies;
            found.Set("messageSignature", message.ToValue(redactor));
        }
        view.Set("ok", FlowValue.From(isGood));
        view.Set("received", FlowValue.From(found.Build()));
        return FlowValue.From(view.Build());
    }

    private static Finding CheckHmac(
        ReceivedRequest received,
        List<Guess> guesses,
        IReadOnlyList<string> secrets,
        SignatureTemplate? template,
        DateTimeOffset now
    )
    {
        var message = HmacSignature.MessageOf(guesses[0].Request, template).ToArray();
        var finding = new Finding { Name = "signedText", Message = message };
        if (received.Header(HmacSignature.SignatureHeader) is not { } given)
            return finding with { Reason = $"The request has no header {HmacSignature.SignatureHeader}." };
        if (
            template is not null
            && long.TryParse(received.Header(HmacSignature.TimestampHeader), CultureInfo.InvariantCulture, out var seconds)
            && now - DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, int.MaxValue)) is var age
            && age.Duration() > OldTimestamp
        )
            finding.Notes.Add($"It was signed {Minutes(age)}. A receiver that allows five minutes refuses it now.");
        foreach (var guess in guesses)
        {
            for (var i = 0; i < secrets.Count; i++)
            {
                if (new HmacSignature(secrets[i], template).Verifies(guess.Request, given))
                    return finding with
                    {
                        Key = FlowValue.From(i + 1),
                        Sent = HmacSignature.MessageOf(guess.Request, template).ToArray(),
                        Changes = guess.Changes,
                        Element = guess.Changes.Count == 0 ? null : ElementThatDiffers(template, guess.Request, guesses[0].Request),
                    };
            }
        }
        return finding with
        {
            Reason =
                (secrets.Count > 1 ? "Neither secret of the connector makes" : "The connector's secret does not make")
                + " this signature: something that it covers was changed on the way, or another secret signed it.",
        };
    }

    private static Finding CheckMessage(ReceivedRequest received, List<Guess> guesses, MessageSigner signer, DateTimeOffset now)
    {
        var label = signer.Plan.Settings.Label;
        var finding = new Finding { Name = "base", IsByLine = true };
        if (
            received.Header(MessageSigner.InputHeader) is not { } input
            || received.Header(MessageSigner.SignatureHeader) is not { } signature
        )
            return finding with { Reason = $"The request has no {MessageSigner.InputHeader} and {MessageSigner.SignatureHeader}." };
        if (
            StructuredField.MemberOf(input, label) is not { } parameters
            || StructuredField.MemberOf(signature, label) is not { } value
            || value.Length < 2
            || parameters.IndexOf(')', StringComparison.Ordinal) is not (>= 0 and var end)
        )
            return finding with { Reason = $"The request has no signature of the label '{label}' that can be read." };
        var components = new List<SignatureComponent>();
        foreach (Match one in Identifier().Matches(parameters[..end]))
        {
            if (!SignatureComponent.TryParse(one.Value, out var component, out var problem))
                return finding with { Reason = problem };
            components.Add(component);
        }
        if (SignatureBase.Make(guesses[0].Request, components, parameters, out var pasted) is { } lacks)
            return finding with { Reason = lacks.Message.Replace(" Nothing was sent.", "", StringComparison.Ordinal) };
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value.Trim(':'), bytes, out var length))
            return finding with { Reason = "The signature is no base64." };
        bytes = bytes[..length];

        finding = finding with { Message = Encoding.ASCII.GetBytes(pasted) };
        AddNotes(finding.Notes, parameters, signer, now);
        string? digest = components.Any(component => component.Name == MessageSigner.DigestHeader)
            ? StructuredField.MemberOf(received.Header(MessageSigner.DigestHeader) ?? "", "sha-256")
            : null;
        var key = FlowValue.From(signer.Plan.Settings.KeyId);
        var isOfAnotherBody = false;
        foreach (var guess in guesses)
        {
            if (SignatureBase.Make(guess.Request, components, parameters, out var text) is not null)
                continue;
            var sent = Encoding.ASCII.GetBytes(text);
            if (!signer.Key.Verifies(sent, bytes))
            {
                if (signer.Key.VerifiesOtherwise(sent, bytes))
                    return finding with
                    {
                        Key = key,
                        Reason = "The signature is written otherwise than ecdsaEncoding says: in DER, or as two numbers side by side.",
                    };
                continue;
            }
            if (digest is null || MessageSigner.DigestOf(guess.Request.Body ?? default) == $"sha-256={digest}")
                return finding with { Key = key, Sent = sent, Changes = guess.Changes };
            isOfAnotherBody = true;
        }
        return isOfAnotherBody
            ? finding with
            {
                Key = key,
                Reason =
                    "The signature is good, and content-digest is not that of the body: the body was changed on the way, or not pasted whole.",
            }
            : finding with
            {
                Reason =
                    "The connector's key does not verify this signature: something that it covers was changed on the way, or another key signed it.",
            };
    }

    private static void AddNotes(List<string> notes, string parameters, MessageSigner signer, DateTimeOffset now)
    {
        if (TextIn("keyid") is { } keyId && keyId != signer.Plan.KeyId)
            notes.Add($"It names the key '{keyId}'; the connector signs by '{signer.Plan.Settings.KeyId}'.");
        if (!parameters.StartsWith(signer.Plan.Covered, StringComparison.Ordinal))
            notes.Add("It covers other components than the connector's settings list now.");
        if (NumberIn("expires") is { } expires && now.ToUnixTimeSeconds() > expires)
            notes.Add($"It was good until {Instant(expires)}. A receiver refuses it now.");
        if (NumberIn("created") is { } created && created > now.ToUnixTimeSeconds() + 30)
            notes.Add($"It says that it was made at {Instant(created)}, which is still to come: the clocks differ.");

        string? TextIn(string name) =>
            Regex.Match(parameters, $";{name}=\"((?:[^\"\\\\]|\\\\.)*)\"") is { Success: true } found ? found.Groups[1].Value : null;

        long? NumberIn(string name) =>
            Regex.Match(parameters, $@";{name}=(\d{{1,11}})(?!\d)") is { Success: true } found
                ? long.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
                : null;
    }

    /// <summary>What the request may have been when it was sent, first as it was pasted, then with ever more undone.</summary>
    private static List<Guess> Guesses(ReceivedRequest received, BaseUrl baseUrl, SourceLocation at, DiagnosticBag problems)
    {
        var guesses = new List<Guess>();
        foreach (var (origin, whyOrigin) in Origins(received, baseUrl))
        foreach (var (target, whyTarget) in Targets(received, baseUrl))
        foreach (var (body, whyBody) in Bodies(received.Body))
        {
            if (received.TryMake(origin, target, Encoding.UTF8.GetBytes(body), out var request, out var problem))
                guesses.Add(new Guess(request, [.. new[] { whyOrigin, whyTarget, whyBody }.OfType<string>()]));
            else if (whyOrigin is null && whyTarget is null && whyBody is null)
                problems.Error(HttpErrors.Received, at, "The request cannot be read.", problem);
        }
        return problems.HasErrors ? [] : [.. guesses.OrderBy(guess => guess.Changes.Count)];
    }

    private static IEnumerable<(string Origin, string? Why)> Origins(ReceivedRequest received, BaseUrl baseUrl)
    {
        var (scheme, otherScheme) = baseUrl.IsHttps ? ("https", "http") : ("http", "https");
        var given = received.Target.StartsWith('/')
            ? received.Header("host") is { Length: > 0 } host
                ? $"{scheme}://{host}"
                : baseUrl.Origin
            : received.Target[..EndOfOrigin(received.Target)];
        yield return (given, null);
        if (!given.Equals(baseUrl.Origin, StringComparison.OrdinalIgnoreCase))
            yield return (
                baseUrl.Origin,
                $"It was sent to {baseUrl.Origin}: a proxy changed scheme, host or port. Verify what the sender asked for."
            );
        var other = otherScheme + given[given.IndexOf("://", StringComparison.Ordinal)..];
        if (!other.Equals(baseUrl.Origin, StringComparison.OrdinalIgnoreCase) && !other.Equals(given, StringComparison.OrdinalIgnoreCase))
            yield return (other, "It was sent by the other scheme: a proxy changed it.");
    }

    private static IEnumerable<(string Target, string? Why)> Targets(ReceivedRequest received, BaseUrl baseUrl)
    {
        var target = received.Target.StartsWith('/') ? received.Target : received.Target[EndOfOrigin(received.Target)..];
        if (!target.StartsWith('/'))
            target = "/" + target;
        yield return (target, null);
        if (baseUrl.Path.Length > 0 && !target.StartsWith(baseUrl.Path, StringComparison.Ordinal))
            yield return (
                baseUrl.Path + target,
                $"The path was sent with {baseUrl.Path} before it. Take path and query before a proxy or your framework rewrites them."
            );
    }

    private static IEnumerable<(string Body, string? Why)> Bodies(string pasted)
    {
        yield return (pasted, null);
        var trimmed = pasted.TrimEnd('\r', '\n');
        if (trimmed != pasted)
            yield return (trimmed, "The body was sent without the line break at its end.");
        var unix = pasted.ReplaceLineEndings("\n");
        var windows = pasted.ReplaceLineEndings("\r\n");
        if (windows != pasted)
            yield return (windows, "The lines of the body were sent with CR LF at their ends: the clipboard may have lost them.");
        if (unix != pasted)
            yield return (unix, "The lines of the body were sent with a line feed alone at their ends.");
        if (CompactOf(pasted) is { } compact && compact != trimmed)
            yield return (compact, "The body was sent as compact JSON: verify its raw bytes, before anything parses and writes it again.");
    }

    private static string? CompactOf(string body)
    {
        if (body.TrimStart() is not ['{' or '[', ..])
            return null;
        try
        {
            return Encoding.UTF8.GetString(JsonWriting.ToUtf8(FlowValue.Parse(body)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SignatureTemplate? TemplateOf(ReceivedRequest received, Connectors.HttpConnector connector)
    {
        var text =
            received.Header(HmacSignature.TemplateHeader)
            ?? connector.Headers.LastOrDefault(header => ConnectorChecks.IsSignatureTemplate(header.Key))?.Value.LiteralText;
        return text is not null && SignatureTemplate.TryParse(text, out var template, out _) ? template : null;
    }

    private static string? ElementThatDiffers(SignatureTemplate? template, OutgoingRequest sent, OutgoingRequest received) =>
        template is null
            ? "BODY"
            : template
                .Elements.FirstOrDefault(element =>
                    !HmacSignature.ValueOf(sent, element).Span.SequenceEqual(HmacSignature.ValueOf(received, element).Span)
                )
                ?.Name;

    private static int EndOfOrigin(string url) =>
        url.AsSpan(url.IndexOf("://", StringComparison.Ordinal) + 3).IndexOfAny('/', '?') is >= 0 and var found
            ? url.IndexOf("://", StringComparison.Ordinal) + 3 + found
            : url.Length;

    private static string Minutes(TimeSpan age) =>
        age > TimeSpan.Zero ? $"{(long)age.TotalMinutes} minutes ago" : $"{(long)-age.TotalMinutes} minutes in the future";

    private static string Instant(long seconds) =>
        DateTimeOffset
            .FromUnixTimeSeconds(Math.Clamp(seconds, 0, 253_402_300_799))
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex("\"[^\"]*\"(?:;[a-z*][a-z0-9_.*-]*(?:=\"(?:[^\"\\\\]|\\\\.)*\")?)*", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    /// <summary>Shared and immutable: a request as it may have been sent, and what was done to it since.</summary>
    private sealed record Guess(OutgoingRequest Request, IReadOnlyList<string> Changes);

    /// <summary>Per check and single-threaded: what is known of one signature.</summary>
    private sealed record Finding
    {
        /// <summary>What the signed message is called.</summary>
        public required string Name { get; init; }

        /// <summary>Whether the message is shown line by line.</summary>
        public bool IsByLine { get; init; }

        /// <summary>What is verified of the request as it was received.</summary>
        public byte[]? Message { get; init; }

        /// <summary>What was signed; null where nobody knows.</summary>
        public byte[]? Sent { get; init; }

        /// <summary>The key that made the signature: its place among two secrets, or its id; missing for none.</summary>
        public FlowValue Key { get; init; } = FlowValue.Null;

        /// <summary>What was done to the request since.</summary>
        public IReadOnlyList<string> Changes { get; init; } = [];

        /// <summary>The element of the template that differs.</summary>
        public string? Element { get; init; }

        /// <summary>Why it does not verify, where no key confirms what was done.</summary>
        public string? Reason { get; init; }

        /// <summary>What a receiver would mind besides.</summary>
        public List<string> Notes { get; } = [];

        /// <summary>Whether a key verifies it as it was received.</summary>
        public bool Verifies => Sent is not null && Changes.Count == 0;

        public FlowValue ToValue(Redactor redactor)
        {
            var view = new FlowObjectBuilder(7);
            view.Set("verifies", FlowValue.From(Verifies));
            view.Set("key", Key);
            if (Message is not null)
            {
                var text = redactor.Redact(Encoding.UTF8.GetString(Message));
                view.Set(Name, IsByLine ? FlowValue.Texts(text.Split('\n')) : FlowValue.From(text));
            }
            if (Changes.Count > 0 || Reason is not null)
                view.Set("reason", FlowValue.From(Reason ?? string.Join(' ', Changes)));
            if (Changes.Count > 0 && DifferenceOf(redactor) is { } difference)
                view.Set("difference", difference);
            if (Notes.Count > 0)
                view.Set("notes", FlowValue.Texts([.. Notes]));
            return FlowValue.From(view.Build());
        }

        /// <summary>The first byte that is not what was signed, from 1, and the lines that it stands in.</summary>
        private FlowValue? DifferenceOf(Redactor redactor)
        {
            var at = Sent.AsSpan().CommonPrefixLength(Message);
            if (at == Sent!.Length && at == Message!.Length)
                return null;
            var begin = Sent.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
            var view = new FlowObjectBuilder(5);
            view.Set("line", FlowValue.From(Sent.AsSpan(0, at).Count((byte)'\n') + 1));
            view.Set("byte", FlowValue.From(at - begin + 1));
            if (Element is not null)
                view.Set("element", FlowValue.From(Element));
            view.Set("sent", FlowValue.From(redactor.Redact(LineAt(Sent, begin))));
            view.Set("received", FlowValue.From(redactor.Redact(LineAt(Message!, begin))));
            return FlowValue.From(view.Build());
        }

        private static string LineAt(byte[] message, int begin)
        {
            var rest = message.AsSpan(begin);
            var end = rest.IndexOf((byte)'\n');
            return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
        }
    }
}
