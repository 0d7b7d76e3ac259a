using System.Globalization;

namespace FlowEngine.Json;

/// <summary>Numbers as ECMAScript writes them (ECMA-262, Number::toString),
/// so that a JSON body equals what <c>JSON.stringify</c> writes.</summary>
internal static class JsonNumber
{
    /// <summary>The shortest text that reads back as the same double, in ECMAScript's notation.</summary>
    public static string Format(double value)
    {
        if (value == 0)
            return "0";

        // .NET gives the shortest digits that read back; n is the position of
        // the decimal point among them and k their number, as in the standard.
        var shortest = value.ToString("R", CultureInfo.InvariantCulture).AsSpan();
        var negative = value < 0;
        if (negative)
            shortest = shortest[1..];

        var exponent = 0;
        var e = shortest.IndexOf('E');
        if (e >= 0)
        {
            exponent = int.Parse(shortest[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            shortest = shortest[..e];
        }

        var point = shortest.IndexOf('.');
        var integerDigits = point < 0 ? shortest.Length : point;
        var all = shortest.ToString().Replace(".", "", StringComparison.Ordinal);
        var withoutLeadingZeros = all.TrimStart('0');
        var digits = withoutLeadingZeros.TrimEnd('0');
        var n = integerDigits + exponent - (all.Length - withoutLeadingZeros.Length);
        var k = digits.Length;

        string result;
        if (k <= n && n <= 21)
            result = digits + new string('0', n - k);
        else if (n is > 0 and <= 21)
            result = string.Concat(digits.AsSpan(0, n), ".", digits.AsSpan(n));
        else if (n is > -6 and <= 0)
            result = string.Concat("0.", new string('0', -n), digits);
        else
        {
            var power = (n - 1).ToString("+0;-0", CultureInfo.InvariantCulture);
            result = k == 1 ? $"{digits}e{power}" : $"{digits[0]}.{digits.AsSpan(1)}e{power}";
        }
        return negative ? "-" + result : result;
    }

    /// <summary>Whether the text of a JSON number has more significant digits than every double keeps (15).</summary>
    public static bool NeedsExactText(ReadOnlySpan<byte> number)
    {
        var significant = 0;
        var trailingZeros = 0;
        foreach (var c in number)
        {
            if (c is (byte)'e' or (byte)'E')
                break;
            if (c is < (byte)'0' or > (byte)'9')
                continue;
            if (c == (byte)'0')
            {
                if (significant > 0)
                    trailingZeros++;
                continue;
            }
            significant += trailingZeros + 1;
            trailingZeros = 0;
        }
        return significant > 15;
    }
}
