namespace SessionReplay.Player.Console;

/// <summary>What differs from one page of the console to another.</summary>
/// <param name="Prefix">Where the console is mounted, with the application's path base.</param>
/// <param name="Title">The title.</param>
/// <param name="Kind">The class of the body: <c>list</c> or <c>player</c>.</param>
/// <param name="Element">The component, as HTML.</param>
internal sealed record ConsoleContent(string Prefix, string Title, string Kind, string Element);
