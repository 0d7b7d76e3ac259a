using System.Text.RegularExpressions;

namespace FlowEngine.Conditions;

/// <summary>Plausible addresses and numbers. Stateless.</summary>
internal static partial class ContactFormats
{
    /// <summary>A plausible e-mail address: the form that browsers accept (HTML Living Standard,
    /// "valid email address") with a dot in the domain, at most 254 characters (RFC 5321).</summary>
    public static bool IsEmail(string text) => text.Length <= 254 && Email().IsMatch(text);

    /// <summary>A telephone number in E.164 form: "+", a country code that does not begin with 0, at most 15 digits.</summary>
    public static bool IsPhone(string text) => Phone().IsMatch(text);

    [GeneratedRegex(
        @"\A[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+@[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?)+\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Email();

    [GeneratedRegex(@"\A\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();
}
