using System.Text;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.Json;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Shared and immutable: the body of a request as a template.</summary>
internal sealed class RequestBody
{
    private readonly BodyType _type;
    private readonly JsonTemplate _template;

    private RequestBody(BodyType type, JsonTemplate template)
    {
        _type = type;
        _template = template;
    }

    public bool IsEmpty => _template.IsNone;

    public bool IsMultipart => _type == BodyType.Multipart;

    /// <summary>The content type unless a header says otherwise.</summary>
    private string ContentType =>
        _type switch
        {
            BodyType.Form => "application/x-www-form-urlencoded",
            BodyType.Text => "text/plain; charset=utf-8",
            BodyType.Binary => "application/octet-stream",
            _ => "application/json",
        };

    public static RequestBody Compile(GenericHttpSettings settings, ActivityCompilation compilation)
    {
        if (settings.BodyType == BodyType.Multipart)
            return new RequestBody(settings.BodyType, MultipartBody.Compile(settings, compilation));
        if (settings.Parts.Count > 0)
            compilation.Error(HttpErrors.Body, "parts", "Only a multipart body has parts.", "Write \"bodyType\": \"multipart\".");

        var body = settings.Body;
        if (settings.BodyType == BodyType.None || body.IsMissing)
            return new RequestBody(settings.BodyType, JsonTemplate.None);

        var at = compilation.At("body");
        if (settings.BodyType == BodyType.Form && body.Kind != FlowValueKind.Object)
            compilation.Error(HttpErrors.Body, "body", "A form body is an object.", "Write { \"<field>\": <value> }.");
        if (settings.BodyType == BodyType.Binary && body.Kind != FlowValueKind.String)
            compilation.Error(HttpErrors.Body, "body", "A binary body is a text in base64.", "Write a path to one, such as {{form.file}}.");
        var template =
            settings.BodyType == BodyType.Json && body.TryGetText(out var text) ? JsonTextTemplate.Parse(text, at, compilation.Problems)
            : settings.BodyType == BodyType.Form ? FormFields(body, at, compilation.Problems)
            : JsonTemplate.Parse(body, at, compilation.Problems);
        return new RequestBody(settings.BodyType, template);
    }

    /// <summary>A field whose value is missing is still sent, empty: a form has no other way to say so.</summary>
    private static FormTemplate FormFields(FlowValue body, SourceLocation at, DiagnosticBag problems) =>
        new FormTemplate([
            .. (body.TryGetObject(out var fields) ? fields : FlowObject.Empty).Select(field =>
                KeyValuePair.Create(field.Key, JsonTemplate.Parse(field.Value, at.At(field.Key), problems))
            ),
        ]);

    /// <summary>The body's value: JSON for all types. Missing when there is none.</summary>
    public FlowValue Evaluate(ReadContext context) => _template.Evaluate(context);

    /// <summary>The exact bytes that are sent; null when there is no body.</summary>
    /// <param name="value">What was evaluated.</param>
    /// <param name="bytes">They.</param>
    /// <param name="contentType">What they are, unless a header says otherwise.</param>
    /// <returns>Null, or why they cannot be made.</returns>
    public HttpFault? TryWrite(FlowValue value, out byte[]? bytes, out string contentType)
    {
        (bytes, contentType) = (null, ContentType);
        if (_type == BodyType.Multipart)
            return MultipartBody.Write(value, out bytes, out contentType);
        if (_type != BodyType.Binary || value.IsNothing)
        {
            bytes = ToBytes(value);
            return null;
        }
        return Base64Body.TryRead(value, out bytes) ? null : new HttpFault(HttpFaultCodes.Body, "The body is no base64. Nothing was sent.");
    }

    /// <summary>What was written, as a text; null where that is the value's own. Contents of files are told by their size.</summary>
    /// <param name="value">What was evaluated.</param>
    /// <param name="bytes">What is sent of it.</param>
    /// <param name="contentType">As what it is sent.</param>
    public string? Outline(FlowValue value, ReadOnlyMemory<byte> bytes, string? contentType) =>
        _type switch
        {
            BodyType.Form => Encoding.ASCII.GetString(bytes.Span),
            BodyType.Binary => MultipartBody.SizeOf(bytes.Length),
            BodyType.Multipart => MultipartBody.Outline(value, contentType),
            _ => null,
        };

    private byte[]? ToBytes(FlowValue value)
    {
        if (IsEmpty)
            return null;
        return _type switch
        {
            BodyType.Form => ToForm(value),
            BodyType.Binary => [],
            BodyType.Text => Encoding.UTF8.GetBytes(value.ToText()),
            _ => JsonWriting.ToUtf8(value),
        };
    }

    /// <summary>application/x-www-form-urlencoded (HTML Living Standard, "urlencoded serializing"): a space is a plus.</summary>
    private static byte[] ToForm(FlowValue value)
    {
        var form = new StringBuilder();
        value.TryGetObject(out var fields);
        foreach (var (name, field) in fields ?? FlowObject.Empty)
        {
            if (form.Length > 0)
                form.Append('&');
            form.Append(Encode(name)).Append('=').Append(Encode(field.ToText()));
        }
        return Encoding.ASCII.GetBytes(form.ToString());

        static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
    }

    private sealed class FormTemplate(KeyValuePair<string, JsonTemplate>[] fields) : JsonTemplate
    {
        public override FlowValue Evaluate(ReadContext context)
        {
            var form = new FlowObjectBuilder(fields.Length);
            foreach (var (name, template) in fields)
                form.Set(name, template.Evaluate(context) is { IsMissing: false } value ? value : FlowValue.Null);
            return FlowValue.From(form.Build());
        }
    }
}
