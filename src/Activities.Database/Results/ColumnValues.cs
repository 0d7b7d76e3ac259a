using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FlowEngine.Context;

namespace FlowEngine.Database.Results;

/// <summary>Turns what a driver reads into JSON values. Stateless. Instants are ISO
/// 8601 in UTC with <c>Z</c>; a timestamp without a zone has no <c>Z</c>.</summary>
internal static class ColumnValues
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>A date and time without a zone.</summary>
    public static FlowValue LocalTime(DateTime value) =>
        FlowValue.From(value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));

    /// <summary>An instant.</summary>
    public static FlowValue Instant(DateTimeOffset value) =>
        FlowValue.From(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z");

    /// <summary>A date.</summary>
    public static FlowValue Date(DateTime value) => FlowValue.From(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>A time of day or, in MySQL, a span: <c>[-]hh:mm:ss[.fffffff]</c>, more than 23 hours included.</summary>
    public static FlowValue Time(TimeSpan value)
    {
        var sign = value < TimeSpan.Zero ? "-" : "";
        value = value.Duration();
        var fraction = value.Ticks % TimeSpan.TicksPerSecond;
        var tail = fraction == 0 ? "" : "." + fraction.ToString("D7", CultureInfo.InvariantCulture).TrimEnd('0');
        return FlowValue.From(
            string.Create(CultureInfo.InvariantCulture, $"{sign}{(long)value.TotalHours:D2}:{value.Minutes:D2}:{value.Seconds:D2}{tail}")
        );
    }

    /// <summary>Bytes, as base64.</summary>
    public static FlowValue Bytes(byte[] value) => FlowValue.From(Convert.ToBase64String(value));

    /// <summary>A single-precision number with its own shortest digits: 1.1, not 1.10000002384185791.</summary>
    public static FlowValue Single(float value) =>
        FlowValue.From(double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>An unsigned 64-bit number.</summary>
    public static FlowValue Unsigned(ulong value) =>
        value <= long.MaxValue ? FlowValue.From((long)value) : FlowValue.FromNumberText(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>JSON text as what it says; the text itself when it is not JSON or nests too deeply.</summary>
    public static FlowValue Json(string text)
    {
        try
        {
            return FlowValue.Parse(text);
        }
        catch (JsonException)
        {
            return FlowValue.From(text);
        }
    }

    /// <summary>A number given as text, digit by digit; null for NaN and the infinities, which JSON does not have.</summary>
    public static FlowValue Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return FlowValue.From(integer);
        return text.AsSpan().ContainsAny(Digits) ? FlowValue.FromNumberText(text) : FlowValue.Null;
    }

    /// <summary>A value by its CLR type.</summary>
    public static FlowValue Of(object value) =>
        value switch
        {
            string text => FlowValue.From(text),
            bool boolean => FlowValue.From(boolean),
            byte or sbyte or short or ushort or int or uint or long => FlowValue.From(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            ulong number => Unsigned(number),
            decimal number => FlowValue.From(number),
            double number => FlowValue.From(number),
            float number => Single(number),
            DateTimeOffset instant => Instant(instant),
            DateTime { Kind: DateTimeKind.Utc } instant => Instant(instant),
            DateTime local => LocalTime(local),
            TimeSpan time => Time(time),
            byte[] bytes => Bytes(bytes),
            Guid id => FlowValue.From(id.ToString()),
            _ => FlowValue.From(Convert.ToString(value, CultureInfo.InvariantCulture)),
        };
}
