import {ImportProgress} from "@pope_crm/import/import_progress";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** How far documents that are being made are. */
export class EditionProgress extends ImportProgress {
    static template = "pope_training.EditionProgress";

    get words() {
        const {handled_count: done, row_count: total} = this.props.record.data;
        return _t("%(done)s of %(total)s. You can leave this page: the documents go on being made.", {done, total});
    }
}

registry.category("view_widgets").add("pope_edition_progress", {
    component: EditionProgress,
    fieldDependencies: [
        {name: "progress", type: "float"},
        {name: "handled_count", type: "integer"},
        {name: "row_count", type: "integer"},
        {name: "state", type: "selection"},
    ],
});
