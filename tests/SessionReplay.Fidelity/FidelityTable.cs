using System.Globalization;
using System.Text;

namespace SessionReplay.Fidelity;

/// <summary>What differs between pages and their replay, and why, as Markdown.</summary>
internal static class FidelityTable
{
    public static string Write(IReadOnlyList<FidelityPage> pages)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # What a replay shows, and what it does not

            `tests/SessionReplay.Fidelity` records {pages.Count} pages with the recorder, plays them in the player, and compares the live page with the replay at each
            moment, both after a seek and in play: the DOM (elements, attributes, text, state of fields), the box of each element, computed styles, and the
            pixels. The test fails for every difference that is not listed here, and for every difference listed here that no longer occurs.
            In play, a moment counts as right when one of the plays within 20 s shows it so, because a busy machine passes moments by.

            `eng/fidelity.sh` prints this table and writes it to this file.

            Alike everywhere, and therefore not listed: scripts do not run; addresses that a replay does not fetch are held in attributes of other names, which the page's
            selectors match; an image that appears within 5 s before the page is left, whose content can no longer be read, is a placeholder. The pages run with unmasked fields unless they are about masking.

            | group | pages | without a difference |
            | --- | --- | --- |

            """);
        var groups = pages.GroupBy(page => page.Group).ToList();
        foreach (var group in groups)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"| {group.Key} | {group.Count()} | {group.Count(page => page.Known.Count == 0)} |\n");
        }

        foreach (var group in groups.Where(group => group.Any(page => page.Known.Count > 0)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n| page | differs | why |\n| --- | --- | --- |\n");
            foreach (var page in group)
            {
                foreach (var known in page.Known)
                {
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"| {page.Name} | {Modes(known)}: {string.Join(", ", known.Aspects)} | {known.Reason} |\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Modes(KnownDifference known) =>
        known.Modes.Count == Replay.Modes.Length ? "seek and play" : string.Join(", ", known.Modes);
}
