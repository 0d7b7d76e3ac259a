namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>What a browser should offer to fill in (HTML, autofill; WCAG 1.3.5). Stateless.</summary>
internal static class InputPurpose
{
    private static readonly Dictionary<string, string> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = "name",
        ["fullname"] = "name",
        ["firstname"] = "given-name",
        ["givenname"] = "given-name",
        ["lastname"] = "family-name",
        ["familyname"] = "family-name",
        ["surname"] = "family-name",
        ["nickname"] = "nickname",
        ["username"] = "username",
        ["login"] = "username",
        ["loginid"] = "username",
        ["company"] = "organization",
        ["organization"] = "organization",
        ["organisation"] = "organization",
        ["street"] = "street-address",
        ["address"] = "street-address",
        ["city"] = "address-level2",
        ["zip"] = "postal-code",
        ["postalcode"] = "postal-code",
        ["postcode"] = "postal-code",
        ["country"] = "country-name",
        ["birthday"] = "bday",
        ["birthdate"] = "bday",
    };

    /// <summary>The purpose of a text or a select, by the name that it commonly has; null for none.</summary>
    public static string? OfText(string name) =>
        ByName.GetValueOrDefault(name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal));
}
