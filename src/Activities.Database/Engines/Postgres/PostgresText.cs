using System.Globalization;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Database.Results;

namespace FlowEngine.Database.Engines.Postgres;

/// <summary>Turns PostgreSQL's text forms into ISO 8601 and JSON. Stateless. What has
/// no such form (infinity, a year before 1) stays as PostgreSQL writes it.</summary>
internal static class PostgresText
{
    private static readonly string[] OffsetFormats = ["hh", @"hh\:mm", @"hh\:mm\:ss"];

    /// <summary><c>2024-01-02 03:04:05.6</c> as <c>2024-01-02T03:04:05.6</c>.</summary>
    public static string LocalTime(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 || text.EndsWith("BC", StringComparison.Ordinal) ? text : $"{text.AsSpan(0, space)}T{text.AsSpan(space + 1)}";
    }

    /// <summary><c>2024-01-02 03:04:05.6+02</c> as <c>2024-01-02T01:04:05.6Z</c>.</summary>
    public static string Instant(string text)
    {
        // The offset may have minutes and, before standard time, seconds: +05:53:28.
        var sign = text.AsSpan().LastIndexOfAny('+', '-');
        if (
            sign < "yyyy-MM-dd HH:mm:ss".Length
            || !DateTime.TryParseExact(
                text.AsSpan(0, sign),
                "yyyy-MM-dd HH:mm:ss.FFFFFFF",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var local
            )
            || !TimeSpan.TryParseExact(text.AsSpan(sign + 1), OffsetFormats, CultureInfo.InvariantCulture, out var offset)
        )
        {
            return text;
        }
        var ticks = text[sign] == '-' ? local.Ticks + offset.Ticks : local.Ticks - offset.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks
            ? text
            : new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z";
    }

    /// <summary><c>\x0a0b</c> as base64.</summary>
    public static string Bytes(string text) =>
        text.StartsWith("\\x", StringComparison.Ordinal) ? Convert.ToBase64String(Convert.FromHexString(text.AsSpan(2))) : text;

    /// <summary><c>1 year 2 mons 3 days 04:05:06.7</c> as <c>P1Y2M3DT4H5M6.7S</c>.
    /// A server that writes intervals in another style is left to it.</summary>
    public static string Interval(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var result = new StringBuilder("P");
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Contains(':', StringComparison.Ordinal))
            {
                if (i != words.Length - 1 || !TryAppendTime(result, words[i]))
                    return text;
                continue;
            }
            if (
                i + 1 == words.Length
                || !int.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            )
                return text;
            var unit = words[++i] switch
            {
                "year" or "years" => 'Y',
                "mon" or "mons" => 'M',
                "day" or "days" => 'D',
                _ => '\0',
            };
            if (unit == '\0')
                return text;
            result.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
        }
        return result.Length == 1 ? "PT0S" : result.ToString();
    }

    /// <summary>An array literal such as <c>{1,NULL,"a b"}</c> as an array.</summary>
    /// <param name="text">The literal.</param>
    /// <param name="delimiter">What stands between elements: a comma, but for <c>box</c> a semicolon.</param>
    /// <param name="element">Reads an element's text.</param>
    public static FlowValue Array(string text, char delimiter, Func<string, FlowValue> element)
    {
        // A lower bound other than 1 comes first: [0:1]={a,b}.
        var position = text.StartsWith('[') ? text.IndexOf('=', StringComparison.Ordinal) + 1 : 0;
        return ReadArray(text, ref position, delimiter, element);
    }

    private static FlowValue ReadArray(string text, ref int position, char delimiter, Func<string, FlowValue> element)
    {
        var items = new List<FlowValue>();
        position++;
        while (text[position] != '}')
        {
            if (text[position] == delimiter)
                position++;
            if (text[position] == '{')
            {
                items.Add(ReadArray(text, ref position, delimiter, element));
                continue;
            }

            if (text[position] == '"')
            {
                items.Add(element(ReadQuoted(text, ref position)));
                continue;
            }
            var end = text.AsSpan(position).IndexOfAny(delimiter, '}') + position;
            var item = text[position..end];
            items.Add(item == "NULL" ? FlowValue.Null : element(item));
            position = end;
        }
        position++;
        return FlowValue.Array(items);
    }

    private static string ReadQuoted(string text, ref int position)
    {
        var item = new StringBuilder();
        for (position++; text[position] != '"'; position++)
        {
            if (text[position] == '\\')
                position++;
            item.Append(text[position]);
        }
        position++;
        return item.ToString();
    }

    private static bool TryAppendTime(StringBuilder result, string time)
    {
        var negative = time[0] == '-';
        var parts = time.TrimStart('+', '-').Split(':');
        if (parts.Length != 3)
            return false;

        var start = result.Length;
        Append(parts[0].TrimStart('0'), 'H');
        Append(parts[1].TrimStart('0'), 'M');
        var seconds = parts[2].Contains('.', StringComparison.Ordinal) ? parts[2].TrimEnd('0').TrimEnd('.') : parts[2];
        seconds = seconds.TrimStart('0');
        Append(seconds.StartsWith('.') ? "0" + seconds : seconds, 'S');
        if (result.Length > start)
            result.Insert(start, 'T');
        return true;

        void Append(string number, char unit)
        {
            if (number.Length > 0)
                result.Append(negative ? "-" : "").Append(number).Append(unit);
        }
    }
}
