using System.Globalization;
using System.Numerics;

namespace FlowEngine.Context;

/// <summary>Shared and immutable: a number to compare, exact however many digits it has.</summary>
/// <remarks>A double counts as the shortest decimal text that stands for it, as everywhere else in the engine: 0.1 is a tenth.</remarks>
internal readonly struct DecimalNumber
{
    private const int MaxTextLength = 1000;
    private const int MaxDivisionDigits = 1000;

    private readonly long _integer;
    private readonly double _double;
    private readonly string? _digits;
    private readonly int _point;
    private readonly bool _negative;
    private readonly Form _form;

    private DecimalNumber(Form form, long integer, double @double, string? digits, int point, bool negative)
    {
        _form = form;
        _integer = integer;
        _double = @double;
        _digits = digits;
        _point = point;
        _negative = negative;
    }

    private enum Form : byte
    {
        Integer,
        Double,
        Decimal,
    }

    /// <summary>Whether the value is a number, or converts: numeric text (invariant,
    /// no thousands, no hexadecimal) and booleans, true being 1.</summary>
    public static bool TryFrom(in FlowValue value, out DecimalNumber number)
    {
        number = default;
        switch (value.Kind)
        {
            case FlowValueKind.Boolean:
                value.TryGetBoolean(out var boolean);
                number = FromInteger(boolean ? 1 : 0);
                return true;
            case FlowValueKind.Number when value.IsIntegerForm:
                number = FromInteger(value.RawBits);
                return true;
            case FlowValueKind.Number when value.IsExactText:
                return TryParse(value.ToText(), out number);
            case FlowValueKind.Number:
                value.TryGetDouble(out var @double);
                number = new DecimalNumber(Form.Double, 0, @double, null, 0, false);
                return true;
            case FlowValueKind.String:
                value.TryGetText(out var text);
                return TryParse(text, out number);
            default:
                return false;
        }
    }

    /// <summary>Parses a decimal number: an optional sign, digits with an optional
    /// point, an optional exponent; white space around it is allowed.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DecimalNumber number)
    {
        number = default;
        text = text.Trim();
        if (text.Length is 0 or > MaxTextLength)
            return false;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            number = FromInteger(integer);
            return true;
        }

        var negative = text[0] == '-';
        if (text[0] is '-' or '+')
            text = text[1..];
        var exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (
                !int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || exponent is > 1_000_000 or < -1_000_000
            )
                return false;
            text = text[..e];
        }

        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
            return false;
        number = FromDigits(string.Concat(whole, fraction), whole.Length + exponent, negative);
        return true;
    }

    /// <summary>Below zero, zero or above, as usual.</summary>
    public int CompareTo(in DecimalNumber other)
    {
        if (_form == Form.Integer && other._form == Form.Integer)
            return _integer.CompareTo(other._integer);
        if (_form == Form.Double && other._form == Form.Double)
            return _double.CompareTo(other._double);

        var left = ToDecimal();
        var right = other.ToDecimal();
        if (left.Sign != right.Sign)
            return left.Sign.CompareTo(right.Sign);
        var magnitude =
            left._point != right._point ? left._point.CompareTo(right._point) : string.CompareOrdinal(left._digits, right._digits);
        return left._negative ? -magnitude : magnitude;
    }

    /// <summary>Whether this is a whole multiple of <paramref name="divisor"/>; false
    /// for a divisor of zero, and for numbers too far apart to divide.</summary>
    public bool IsDivisibleBy(in DecimalNumber divisor)
    {
        if (_form == Form.Integer && divisor._form == Form.Integer)
            return divisor._integer is not 0 && (divisor._integer is -1 || _integer % divisor._integer == 0);

        var left = ToDecimal();
        var right = divisor.ToDecimal();
        if (right.Sign == 0)
            return false;
        if (left.Sign == 0)
            return true;
        var scale = Math.Min(left._point - left._digits!.Length, right._point - right._digits!.Length);
        if (Math.Max(left._point, right._point) - scale > MaxDivisionDigits)
            return false;
        return left.Scaled(scale) % right.Scaled(scale) == 0;
    }

    private int Sign =>
        _digits!.Length == 0 ? 0
        : _negative ? -1
        : 1;

    private static DecimalNumber FromInteger(long integer) => new(Form.Integer, integer, 0, null, 0, false);

    /// <summary>A number whose digits stand behind "0.", multiplied by ten to the
    /// power of <paramref name="point"/>; zeros at both ends do not count.</summary>
    private static DecimalNumber FromDigits(string all, int point, bool negative)
    {
        var trimmed = all.TrimStart('0');
        point -= all.Length - trimmed.Length;
        trimmed = trimmed.TrimEnd('0');
        return new DecimalNumber(Form.Decimal, 0, 0, trimmed, trimmed.Length == 0 ? 0 : point, negative && trimmed.Length > 0);
    }

    private DecimalNumber ToDecimal()
    {
        if (_form == Form.Decimal)
            return this;
        if (_form == Form.Integer)
        {
            var digits = _integer.ToString(CultureInfo.InvariantCulture).TrimStart('-');
            return FromDigits(digits, digits.Length, _integer < 0);
        }

        // The shortest text that reads back as the same double.
        return TryParse(_double.ToString("R", CultureInfo.InvariantCulture), out var number) && number._form == Form.Decimal
            ? number
            : number.ToDecimal();
    }

    private BigInteger Scaled(int scale) =>
        BigInteger.Parse(_digits!, CultureInfo.InvariantCulture) * BigInteger.Pow(10, _point - _digits!.Length - scale);
}
