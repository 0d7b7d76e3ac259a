using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: the texts that the screens bring themselves. English is the key; <c>Assets/texts.json</c> has the other
/// languages, and a flow's <c>locales</c> may translate any of them.</summary>
internal static class BuiltInTexts
{
    public const string ShowPassword = "Show password";
    public const string HidePassword = "Hide password";
    public const string LeastLength = "At least {{count}} characters";
    public const string Weak = "Too easy to guess";
    public const string Good = "Good";
    public const string Strong = "Very good";
    public const string Optional = "optional";
    public const string Choose = "Please choose";
    public const string NewTab = "opens in a new tab";
    public const string Wait = "One moment, please…";
    public const string Language = "Language";
    public const string Error = "Error";
    public const string CheckEntries = "Please check what you entered:";
    public const string Unreachable = "The server cannot be reached. Check your connection and try again.";

    public const string Stale = "You had already completed that step. This is where you left off.";
    public const string StartAgain = "Start again";
    public const string Continue = "Continue";
    public const string TryAgain = "Try again";

    public const string SignedIn = "You are signed in";
    public const string SignedInDetail = "You can close this window now.";
    public const string Done = "All done";
    public const string Working = "Still working on it";
    public const string WorkingDetail = "This page refreshes by itself.";
    public const string Failed = "We could not sign you in";
    public const string FailedDetail = "Something went wrong on our side. Nothing has been changed.";
    public const string TurnedAway = "You were not signed in";
    public const string TurnedAwayDetail =
        "The sign-in ended here. You can try again; if it keeps happening, ask the people who run the application.";
    public const string TooOften = "Too many tries";
    public const string TooOftenDetail = "For your safety this sign-in has ended after too many tries. You can start again.";
    public const string Cancelled = "This sign-in was ended";
    public const string CancelledDetail = "The people who run it ended it before you were done. You can start again.";
    public const string Reference = "Reference: {{code}}";
    public const string Expired = "This page has expired";
    public const string ExpiredDetail = "For your safety a sign-in is only open for a limited time. Nothing was lost: just start again.";
    public const string Unknown = "We cannot find this sign-in";
    public const string UnknownDetail = "It may have ended, it may have begun in another browser, or your browser does not accept cookies.";
    public const string NoFlow = "There is no such sign-in";
    public const string NoFlowDetail = "Check the address, or go back to where you came from.";
    public const string NeedsKey = "This sign-in is not open to everybody";
    public const string NeedsKeyDetail = "Only a program with the right key can begin it. Please tell the people who run the application.";
    public const string NoReturn = "We cannot send you back there";
    public const string NoReturnDetail =
        "The application named a return address that is not on this sign-in's list, "
        + "so nothing was started. Please tell the people who run the application.";
    public const string BadRequest = "This address is not complete";
    public const string BadRequestDetail =
        "The application sent something that this sign-in does not understand. Please tell the people who run the application.";
    public const string Refused = "That form was not accepted";
    public const string RefusedDetail =
        "For your safety we only accept forms from the browser window that began the sign-in. Nothing was changed.";
    public const string Unavailable = "Sign-in is taking a break";
    public const string UnavailableDetail = "We cannot reach what we need right now. Your progress is kept; please try again in a moment.";

    public const string Busy = "One moment, please";
    public const string BusyDetail =
        "A great many sign-ins are coming from your network right now. Wait a minute, then load this page again.";

    private static readonly FlowObject Languages = Read();

    /// <summary>The languages that the built-in texts have, English aside.</summary>
    public static IEnumerable<string> Names => Languages.Shape.Names.ToArray();

    public static bool Knows(string locale) => locale == "en" || !Languages.Get(locale).IsMissing;

    /// <summary>The texts of a language, or of the language of a regional locale; none for English and for unknown ones.</summary>
    public static FlowObject For(string locale) =>
        LocaleChoice.Choose([.. Names], locale, null) is { } language && Languages.Get(language).TryGetObject(out var texts)
            ? texts
            : FlowObject.Empty;

    private static FlowObject Read()
    {
        FlowValue.Parse(ScreenAssets.ReadText("texts.json")).TryGetObject(out var languages);
        return languages!;
    }
}
