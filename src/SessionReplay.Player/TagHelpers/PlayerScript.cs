using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SessionReplay.Player.TagHelpers;

/// <summary>Writes the script tag before the first of the elements on a page, and only there.</summary>
internal static class PlayerScript
{
    private static readonly object Key = new();

    public static void WriteOnce(HttpContext context, TagHelperOutput output, string? nonce)
    {
        if (context.Items.TryAdd(Key, true))
        {
            var path = HtmlEncoder.Default.Encode(context.Request.PathBase + PlayerAssets.ScriptPath);
            var attribute = nonce is null ? string.Empty : $" nonce=\"{HtmlEncoder.Default.Encode(nonce)}\"";
            output.PreElement.AppendHtml(
                $"""<script type="module" src="{path}" integrity="{PlayerAssets.ScriptIntegrity}"{attribute}></script>""");
        }
    }
}
