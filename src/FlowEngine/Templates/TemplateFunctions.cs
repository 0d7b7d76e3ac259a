using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Context;
using static FlowEngine.Templates.FunctionResult;

namespace FlowEngine.Templates;

/// <summary>Stateless: the functions of templates (SPEC 4). Characters are Unicode code points, texts are UTF-8 where bytes count, and no
/// result has more than 4,000,000 characters.</summary>
internal static class TemplateFunctions
{
    /// <summary>How many functions may stand behind one path.</summary>
    public const int MaxCalls = 8;

    /// <summary>How many characters an argument may have.</summary>
    public const int MaxArgument = 500;

    /// <summary>How a date may be written: ISO 8601, with a space for the T too, and as HTTP writes it (RFC 9110, 5.6.7).</summary>
    private static readonly string[] DateForms =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd HH:mm:ssK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    ];

    /// <summary>The functions, in the order in which they are suggested.</summary>
    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("lower", "lower", "The text in lower case", NoArguments(OnText(text => From(text.ToLowerInvariant())))),
        new("upper", "upper", "The text in upper case", NoArguments(OnText(text => From(text.ToUpperInvariant())))),
        new("trim", "trim", "The text without white space at its ends", NoArguments(OnText(text => From(text.Trim())))),
        new("join", "join(', ')", "The elements of a list as one text", OneText(separator => input => Join(input, separator))),
        new("first", "first", "The first element of a list", NoArguments(input => Element(input, 0))) { KeepsParts = true },
        new("last", "last", "The last element of a list", NoArguments(input => Element(input, ^1))) { KeepsParts = true },
        new("size", "size", "How many characters, elements or members there are", NoArguments(Size)),
        new("json", "json", "The value as JSON in a text", NoArguments(input => Bounded(input.ToJson()))),
        new("base64", "base64", "The text in Base64", NoArguments(OnBytes(4 / 3.0, Convert.ToBase64String))),
        new("base64url", "base64url", "The text in Base64 for URLs, without =", NoArguments(OnBytes(4 / 3.0, Base64Url))),
        new("hex", "hex", "The bytes of the text in hexadecimal digits", NoArguments(OnBytes(2, Convert.ToHexStringLower))),
        new("sha256", "sha256", "The SHA-256 of the text in hexadecimal digits", NoArguments(OnBytes(0, Sha256))),
        new("percent", "percent", "The text percent-encoded, once more where it lands in a URL", NoArguments(OnText(Percent))),
        new("slice", "slice(0, 10)", "From the first place up to the second; negative places count from the end", BindSlice)
        {
            KeepsParts = true,
        },
        new("date", "date('yyyy-MM-dd')", "A date, or a number of Unix seconds, written in UTC", OneText(BindDate)),
        new("jmespath", "jmespath('[0].id')", "What a JMESPath expression finds in the value", OneText(BindJmesPath)),
    ];

    /// <summary>The function of that name, or null.</summary>
    public static TemplateFunction? Find(string name) => All.FirstOrDefault(function => function.Name == name);

    private delegate FunctionBody? TextBinder(string argument, out string? problem);

    private static FunctionBinder NoArguments(FunctionBody body) =>
        (IReadOnlyList<FlowValue> arguments, out string? problem) =>
        {
            problem = arguments.Count == 0 ? null : "takes no arguments";
            return problem is null ? body : null;
        };

    private static FunctionBinder OneText(Func<string, FunctionBody> make) =>
        OneText(
            (string text, out string? problem) =>
            {
                problem = null;
                return make(text);
            }
        );

    private static FunctionBinder OneText(TextBinder bind) =>
        (IReadOnlyList<FlowValue> arguments, out string? problem) =>
        {
            if (arguments.Count == 1 && arguments[0].TryGetText(out var text))
                return bind(text, out problem);
            problem = "takes one argument, a text in quotes";
            return null;
        };

    private static FunctionResult From(string text) => Of(FlowValue.From(text));

    private static FunctionBody OnText(Func<string, FunctionResult> apply) =>
        input => IsPlain(input) ? apply(input.ToText()) : CannotTake("a text, a number or a boolean", input);

    private static bool IsPlain(FlowValue value) => value.Kind is FlowValueKind.String or FlowValueKind.Number or FlowValueKind.Boolean;

    private static FunctionResult CannotTake(string what, FlowValue input) =>
        Cannot(
            $"takes {what}, not "
                + input.Kind switch
                {
                    FlowValueKind.Array => "a list",
                    FlowValueKind.Object => "an object",
                    FlowValueKind.Number => "a number",
                    FlowValueKind.Boolean => "a boolean",
                    _ => "a text",
                }
        );

    private static FunctionResult TooLong() => Cannot($"would give more than {ValueLimits.MaxCharacters} characters");

    private static FunctionResult Bounded(string text) => text.Length > ValueLimits.MaxCharacters ? TooLong() : From(text);

    /// <param name="growth">How many characters a byte becomes at most, but for the last few.</param>
    /// <param name="write">Writes the bytes.</param>
    private static FunctionBody OnBytes(double growth, Func<byte[], string> write) =>
        OnText(text =>
            Encoding.UTF8.GetByteCount(text) * growth > ValueLimits.MaxCharacters ? TooLong() : From(write(Encoding.UTF8.GetBytes(text)))
        );

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static FunctionResult Percent(string text) =>
        Encoding.UTF8.GetByteCount(text) * 3L > ValueLimits.MaxCharacters ? TooLong() : From(Uri.EscapeDataString(text));

    private static FunctionResult Join(FlowValue input, string separator)
    {
        if (!input.TryGetArray(out var array))
            return CannotTake("a list", input);
        var text = new StringBuilder();
        for (var i = 0; i < array.Count; i++)
        {
            if (!array[i].IsNothing && !IsPlain(array[i]))
                return Cannot("takes a list of texts, numbers and booleans, and one of its elements is none");
            var element = array[i].ToText();
            if (text.Length + (long)separator.Length + element.Length > ValueLimits.MaxCharacters)
                return TooLong();
            text.Append(i == 0 ? "" : separator).Append(element);
        }
        return From(text.ToString());
    }

    private static FunctionResult Element(FlowValue input, Index index) =>
        input.TryGetArray(out var array) ? Of(input.Get(index.GetOffset(array.Count))) : CannotTake("a list", input);

    private static FunctionResult Size(FlowValue input) =>
        input.TryGetArray(out var array) ? Of(FlowValue.From(array.Count))
        : input.TryGetObject(out var members) ? Of(FlowValue.From(members.Count))
        : input.TryGetText(out var text) ? Of(FlowValue.From(CodePoints(text)))
        : CannotTake("a text, a list or an object", input);

    private static FunctionBody? BindSlice(IReadOnlyList<FlowValue> arguments, out string? problem)
    {
        problem = "takes one or two whole numbers: where it begins, and before which place it ends";
        var (start, end) = (0L, (long?)null);
        if (arguments.Count is not (1 or 2) || !arguments[0].TryGetInteger(out start))
            return null;
        if (arguments.Count == 2)
        {
            if (!arguments[1].TryGetInteger(out var given))
                return null;
            end = given;
        }
        problem = null;
        return input => Slice(input, start, end);
    }

    private static FunctionResult Slice(FlowValue input, long start, long? end)
    {
        if (input.TryGetArray(out var array))
        {
            var (from, to) = Range(array.Count, start, end);
            return Of(FlowValue.From(FlowArray.Of(array.AsSpan()[from..to])));
        }
        if (!IsPlain(input))
            return CannotTake("a text or a list", input);
        var text = input.ToText();
        var (first, last) = Range(CodePoints(text), start, end);
        var begin = OffsetOf(text, 0, first);
        return From(text[begin..OffsetOf(text, begin, last - first)]);
    }

    private static (int From, int To) Range(int count, long start, long? end)
    {
        var from = Place(start);
        return (from, Math.Max(from, Place(end ?? count)));

        int Place(long place) => (int)Math.Clamp(place < 0 ? Math.Max(place, -count) + count : place, 0, count);
    }

    private static int CodePoints(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
                count--;
        }
        return count;
    }

    private static int OffsetOf(string text, int offset, int codePoints)
    {
        for (; codePoints > 0; codePoints--)
            offset += offset + 1 < text.Length && char.IsSurrogatePair(text[offset], text[offset + 1]) ? 2 : 1;
        return offset;
    }

    private static FunctionBody? BindDate(string format, out string? problem)
    {
        problem = null;
        try
        {
            if (format.Length > 0 && DateTime.UnixEpoch.ToString(format, CultureInfo.InvariantCulture).Length > 0)
                return input => Date(input, format);
        }
        catch (FormatException)
        {
            // Said below, as for an empty one.
        }
        problem = "takes a format of .NET, such as \"yyyy-MM-dd\" or \"yyyy-MM-ddTHH:mm:ssZ\"";
        return null;
    }

    private static FunctionResult Date(FlowValue input, string format) =>
        TryGetInstant(input, out var instant)
            ? From(instant.UtcDateTime.ToString(format, CultureInfo.InvariantCulture))
            : Cannot("takes a date in ISO 8601, an HTTP date or a number of Unix seconds, and the value is none");

    private static bool TryGetInstant(FlowValue input, out DateTimeOffset instant)
    {
        if (input.TryGetText(out var text))
            return DateTimeOffset.TryParseExact(
                text,
                DateForms,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out instant
            );
        instant = default;
        if (!input.TryGetDecimal(out var seconds) || seconds is < -62_135_596_800 or >= 253_402_300_800)
            return false;
        instant = DateTimeOffset.UnixEpoch.AddTicks((long)decimal.Floor(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private static FunctionBody? BindJmesPath(string expression, out string? problem) =>
        JmesPathQuery.TryParse(expression, out problem) is { } query ? query.Evaluate : null;
}
