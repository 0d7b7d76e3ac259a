using System.Globalization;
using FlowEngine.Context;

namespace FlowEngine.Database.Queries;

/// <summary>Turns numbers of the context into a decimal where that loses nothing. Stateless.</summary>
internal static class ExactNumber
{
    /// <summary>What every decimal holds: significant digits, and digits after the point.</summary>
    private const int Digits = 28;

    /// <summary>Whether a decimal holds the number to its last digit, and which.
    /// <see cref="decimal.TryParse(string, out decimal)"/> would round.</summary>
    public static bool TryGet(FlowValue number, out decimal value)
    {
        value = 0;
        var text = number.ToText().AsSpan();
        var exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
                return false;
            text = text[..e];
        }

        text = text.TrimStart('-');
        var point = text.IndexOf('.');
        var fraction = point < 0 ? 0 : text.Length - point - 1;
        var significant = text.TrimStart("0.").Length - (point >= 0 && text[..point].ContainsAnyExcept('0') ? 1 : 0);
        return significant <= Digits && fraction - exponent is >= -Digits and <= Digits && number.TryGetDecimal(out value);
    }
}
