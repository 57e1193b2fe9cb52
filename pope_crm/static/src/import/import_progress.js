import {Component, onWillUnmount} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const EVERY = 2000; // milliseconds

/** How far a long import is; the record is read again as long as it runs, so that its end is seen. */
export class ImportProgress extends Component {
    static template = "pope_crm.ImportProgress";
    static props = {...standardWidgetProps};

    setup() {
        const timer = setInterval(() => this.refresh(), EVERY);
        onWillUnmount(() => clearInterval(timer));
    }

    get percent() {
        return Math.round(this.props.record.data.progress);
    }

    get words() {
        const {handled_count: done, row_count: total} = this.props.record.data;
        return _t("%(done)s rows of %(total)s. You can leave this page: the import goes on.", {done, total});
    }

    async refresh() {
        const {record} = this.props;
        if (["checking", "running"].includes(record.data.state) && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("pope_import_progress", {
    component: ImportProgress,
    fieldDependencies: [
        {name: "progress", type: "float"},
        {name: "handled_count", type: "integer"},
        {name: "row_count", type: "integer"},
        {name: "state", type: "selection"},
    ],
});
