using System.Text;

namespace SessionReplay.Pipeline.Tests.Sanitizing;

/// <summary>Stylesheets and scripts that sites use hold no secret: all of them stay as they are.</summary>
public sealed class SanitizerCorpusTests
{
    private static readonly string[] Stylesheets =
    [
        "bootstrap/dist/css/bootstrap.css", "bootstrap/dist/css/bootstrap.min.css", "bulma/css/bulma.css", "bulma/css/bulma.min.css",
        "tachyons/css/tachyons.css", "normalize.css/normalize.css", "animate.css/animate.css",
        "@fortawesome/fontawesome-free/css/all.css", "@fortawesome/fontawesome-free/css/all.min.css", "semantic-ui-css/semantic.css",
        "semantic-ui-css/semantic.min.css", "purecss/build/pure.css",
        "milligram/dist/milligram.css", "water.css/out/water.css", "spectre.css/dist/spectre.css", "uikit/dist/css/uikit.css",
        "materialize-css/dist/css/materialize.css", "leaflet/dist/leaflet.css", "swiper/swiper-bundle.css",
        "highlight.js/styles/github.css", "prismjs/themes/prism.css", "codemirror/lib/codemirror.css", "quill/dist/quill.snow.css",
        "video.js/dist/video-js.css", "flatpickr/dist/flatpickr.css",
    ];

    private static readonly string[] Scripts =
    [
        "jquery/dist/jquery.js", "jquery/dist/jquery.min.js", "react-dom/umd/react-dom.development.js",
        "react-dom/umd/react-dom.production.min.js", "vue/dist/vue.global.js", "vue/dist/vue.global.prod.js", "angular/angular.min.js",
        "lodash/lodash.js", "lodash/lodash.min.js",
        "moment/moment.js", "axios/dist/axios.js", "axios/dist/axios.min.js", "bootstrap/dist/js/bootstrap.bundle.js",
        "knockout/build/output/knockout-latest.debug.js", "backbone/backbone.js", "underscore/underscore-umd.js", "htmx.org/dist/htmx.js",
        "alpinejs/dist/cdn.js",
        "leaflet/dist/leaflet-src.js", "swiper/swiper-bundle.js", "highlight.js/lib/core.js", "prismjs/prism.js",
        "codemirror/lib/codemirror.js", "quill/dist/quill.js", "video.js/dist/video.js", "flatpickr/dist/flatpickr.js",
        "validator/validator.js", "uikit/dist/js/uikit.js",
    ];

    public static TheoryData<string> Stylesheet => [.. Stylesheets];

    public static TheoryData<string> All => [.. Stylesheets, .. Scripts];

    [Theory]
    [MemberData(nameof(Stylesheet))]
    public void Css_StylesheetOfAPackage_IsLeft(string file)
    {
        var content = Content(file);
        var pass = SanitizerFixture.Create().Begin(content);
        var copy = content.ToArray();
        pass.Css(copy);
        AssertSame(content, copy);
    }

    // A page can hold them as text: in a style element, in a listing.
    [Theory]
    [MemberData(nameof(All))]
    public void Text_FileOfAPackage_IsLeft(string file)
    {
        var content = Content(file);
        var copy = content.ToArray();
        SanitizerFixture.Create().Begin(content).Text(copy);
        AssertSame(content, copy);
    }

    private static byte[] Content(string file) => File.ReadAllBytes(Repository.File("tests", "corpus", "node_modules", file));

    private static void AssertSame(byte[] expected, byte[] actual)
    {
        var at = expected.AsSpan().CommonPrefixLength(actual);
        if (at < expected.Length)
        {
            var (from, to) = (Math.Max(0, at - 60), Math.Min(expected.Length, at + 60));
            Assert.Fail($"At {at}: {Encoding.UTF8.GetString(expected[from..to])}\n became {Encoding.UTF8.GetString(actual[from..to])}");
        }
    }
}
